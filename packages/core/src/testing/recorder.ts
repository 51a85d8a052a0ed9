import { GoroutinePanic } from "../goroutine-panic.ts"
import type { Goroutine } from "../goroutine.ts"
import type { Op } from "../op.ts"
import { ownFrames } from "../start-site.ts"

/** One step: of a goroutine, or of nobody (time, something outside). */
export interface Line {
  readonly goroutine: Goroutine | null
  text: string
  readonly where: string
}

/** Writes down what a schedule does, step by step. */
export class Recorder {
  readonly lines: Array<Line> = []
  /** In the order in which they were created. */
  readonly goroutines: Array<Goroutine> = []
  readonly #numbers = new Map<object, number>()
  readonly #begun = new Set<Goroutine>()
  #isInStep = false

  created(goroutine: Goroutine): void {
    this.goroutines.push(goroutine)
  }

  begin(goroutine: Goroutine): void {
    const op = goroutine.suspendedAt
    const isFirst = !this.#begun.has(goroutine)
    this.#begun.add(goroutine)
    this.#isInStep = true
    if (isFirst || op === null) this.#add(goroutine, "starts")
    else if (goroutine.isPutOff) this.#add(goroutine, this.#nameOf(op))
    else this.#add(goroutine, `${this.#nameOf(op)} resumes`)
  }

  end(goroutine: Goroutine): void {
    this.#isInStep = false
    const line = this.lines.at(-1)
    if (line?.goroutine !== goroutine) return
    if (goroutine.isParked) {
      const name = this.#nameOf(goroutine.suspendedAt!)
      line.text = line.text === name ? `${name} parks` : `${line.text}, ${name} parks`
      return
    }
    const { exit } = goroutine
    if (exit === undefined) return
    if (exit._tag === "Success") line.text += ", returns"
    else if (goroutine.wasInterrupted) line.text += ", is interrupted"
    else line.text += `, throws ${oneLine(goroutine.thrown)}`
  }

  /** The schedule is over, by what the step under way did or by what was found after it. */
  stopped(error: unknown): void {
    const line = this.lines.at(-1)
    if (this.#isInStep && line !== undefined) line.text += `, ${oneLine(error)}`
    else this.#add(null, oneLine(error))
  }

  timePassed(now: number): void {
    this.#add(null, `clock at ${now} ms`)
  }

  arrived(): void {
    this.#add(null, "a promise or effect has ended")
  }

  #add(goroutine: Goroutine | null, text: string): void {
    const [frame] = goroutine === null ? [] : ownFrames(goroutine.suspendedStack)
    this.lines.push({ goroutine, text, where: frame === undefined ? "" : fileAndLine(frame) })
  }

  #nameOf(op: Op<unknown, unknown>): string {
    const on = (Array.isArray(op.on) ? op.on : [op.on]) as ReadonlyArray<object | undefined>
    const things = on.map((thing) => this.#thing(thing)).filter((name) => name !== "")
    return things.length === 0 ? op.name : `${op.name} ${things.join(",")}`
  }

  /** Channels and locks have no names: the first is #1. */
  #thing(thing: object | undefined): string {
    if (thing === undefined) return ""
    if ("waitReason" in thing) return columnName(thing as Goroutine)
    let number = this.#numbers.get(thing)
    if (number === undefined) this.#numbers.set(thing, (number = this.#numbers.size + 1))
    return `#${number}`
  }
}

export function columnName(goroutine: Goroutine): string {
  return goroutine.name === "" ? `goroutine ${goroutine.id}` : goroutine.name
}

const mostLetters = 80

/** The first line of what was thrown, with places as short as in the rest of the trace. */
function oneLine(thrown: unknown): string {
  const error = thrown instanceof GoroutinePanic ? thrown.cause : thrown
  const [line = ""] = (error instanceof Error ? named(error) : String(error)).split("\n")
  const short = line.replace(/[^\s(]*[/\\]([^/\\\s?]+)(?:\?[^\s:]*)?:(\d+):\d+/g, "$1:$2")
  return short.length > mostLetters ? `${short.slice(0, mostLetters - 1)}…` : short
}

/** "DataRace: data race: …" says it twice. */
function named({ message, name }: Error): string {
  const [begin = ""] = message.split(":")
  return begin.replaceAll(" ", "").toLowerCase() === name.toLowerCase() ? message : `${name}: ${message}`
}

/** "body (/home/me/app.ts:12:5)" is "app.ts:12". */
function fileAndLine(frame: string): string {
  const [, file, line] = /([^/\\(]+?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame) ?? []
  return file === undefined ? "" : `${file}:${line}`
}
