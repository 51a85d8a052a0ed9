/** Goroutines and what they wait on, as the reports call them. */
import type { GoroutineDump, ObjectDump } from "../../format/dump.ts"
import { cyan, dim, green, yellow } from "./paint.ts"
import type { Places } from "./place.ts"
import { age } from "./quantity.ts"

/** What the reports of one process have in common. */
export interface Speech {
  readonly places: Places
  /** With several threads a goroutine's number is not enough: "1/17" is number 17 of thread 1. */
  readonly hasThreads: boolean
  readonly columns: number
  /** Of a line that shows a value: no end where it goes into a file or another program. */
  readonly valueColumns: number
}

/** "17", "1/17" */
export function numberOf(thread: number, id: number, speech: Speech): string {
  return cyan(speech.hasThreads ? `${thread}/${id}` : `${id}`)
}

/** "goroutine 17, worker" */
export function called(thread: number, goroutine: GoroutineDump, speech: Speech): string {
  const name = nameOf(goroutine)
  return `goroutine ${numberOf(thread, goroutine.id, speech)}${name === "" ? "" : `, ${name}`}`
}

export function nameOf({ isMain, name }: Pick<GoroutineDump, "isMain" | "name">): string {
  if (!isMain) return name
  return name === "" || name === "main" ? "main" : `main ${name}`
}

/** "[chan receive, 3 minutes]" */
export function stateOf(goroutine: GoroutineDump): string {
  return `[${stateWord(goroutine.status, goroutine.reason)}${agePart(goroutine.waitMillis)}]`
}

export function stateWord(status: GoroutineDump["status"], reason: string | undefined): string {
  if (status === "running") return green("running")
  if (status === "runnable") return yellow("runnable")
  return reason ?? "waiting"
}

/** Nothing below a second, as it says nothing. */
export function agePart(millis: number, before = ", "): string {
  return millis < 1000 ? "" : before + age(millis)
}

/** "Mutex #3 (2 waiting)", "channel #7 (capacity 3, 3 buffered)" */
export function thing({ capacity, detail, id, isClosed, kind, length, owner }: ObjectDump): string {
  const said = detail === undefined ? fill(length, capacity) : factsOf(detail)
  // Who holds it is said by name, beside this.
  const facts = [owner === undefined ? said : said.replace(/^locked by goroutine \d+(, )?/, "")]
  if (isClosed === true && !said.includes("closed")) facts.push("closed")
  const all = facts.filter((fact) => fact !== "").join(", ")
  return `${kind} #${id}${all === "" ? "" : ` (${all})`}`
}

/** Things describe themselves as "a channel (unbuffered, 1 waiting to receive)", also as "2 of a semaphore (0 of 3 free)". */
function factsOf(detail: string): string {
  return /^(?:.* of )?an? [^(]*\((.*)\)$/.exec(detail)?.[1] ?? detail
}

function fill(length: number | undefined, capacity: number | undefined): string {
  if (capacity === undefined) return ""
  if (capacity === 0) return "unbuffered"
  return length === undefined ? `capacity ${capacity}` : `capacity ${capacity}, ${length} buffered`
}

export function frames(stack: ReadonlyArray<string>, indent: string, { places }: Speech): Array<string> {
  return stack.map((frame) => `${indent}${dim("at")} ${places.show(frame)}`)
}
