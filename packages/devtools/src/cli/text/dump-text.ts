/** The dump as text, in the form of Go's tracebacks: alike goroutines together, most numerous first. */
import { type GoroutineGroup, groups } from "../../analysis/groups.ts"
import { waitGraph } from "../../analysis/wait-graph.ts"
import type { ProcessDump, ThreadDump } from "../../format/dump.ts"
import { namesOfSilent } from "../../format/silent-thread.ts"
import { DumpNames } from "./dump-names.ts"
import type { Speech } from "./goroutine-text.ts"
import { groupText } from "./group-text.ts"
import { bold, dim, padEnd, padStart, red, yellow } from "./paint.ts"
import { bytes, count, millis, number, percent, uptime } from "./quantity.ts"
import { wrap } from "./wrap.ts"

/** A header, then the groups with an empty line between them, then what else is to be known. */
export function dumpText(
  dump: ProcessDump,
  speech: Speech,
  shown: ReadonlyArray<GoroutineGroup> = groups(dump),
): string {
  const names = new DumpNames(dump, speech)
  const parts = [header(dump, speech), ...shown.map((group) => groupText(group, names)), footer(dump, speech)]
  return parts.map((lines) => lines.join("\n")).join("\n\n")
}

/** Each goroutine by itself, main first. */
export function oneByOne(dump: ProcessDump): ReadonlyArray<GoroutineGroup> {
  const members = dump.threads.flatMap(({ thread, goroutines }) =>
    goroutines.map((goroutine) => ({ thread, goroutine })),
  )
  members.sort((a, b) => Number(b.goroutine.isMain) - Number(a.goroutine.isMain))
  return members.map((member) => {
    const { status, reason, stack, startedAt } = member.goroutine
    return { status, reason, stack, startedAt, members: [member] }
  })
}

export function header(dump: ProcessDump, speech: Speech): Array<string> {
  const counts = { running: 0, runnable: 0, waiting: 0 }
  for (const { goroutines } of dump.threads) for (const { status } of goroutines) counts[status]++
  const all = count(counts.running + counts.runnable + counts.waiting, "goroutine")
  const where = dump.threads.length === 1 ? "" : ` in ${dump.threads.length} threads`
  const facts = dim(`(${dump.runtime}, up ${uptime(dump.uptimeSeconds)})`)
  const lines = [
    `${bold(`process ${dump.pid}`)}: ${speech.places.title(dump)}  ${facts}`,
    `${all}${where}: ${number(counts.running)} running, ${number(counts.runnable)} runnable, ${number(counts.waiting)} waiting`,
  ]
  const silent = dump.silentThreads ?? 0
  if (silent > 0)
    lines.push(
      yellow(
        wrap(
          `${namesOfSilent(silent, dump.silent)} did not answer: what runs there never gives way to its event loop.`,
          speech.columns,
        ),
      ),
    )
  if (!speech.hasThreads) return lines
  const longest = Math.max(...dump.threads.map(({ name }) => name.length))
  const most = Math.max(...dump.threads.map(({ goroutines }) => number(goroutines.length).length))
  return [...lines, ...dump.threads.map((thread) => threadLine(thread, longest, most))]
}

function threadLine(thread: ThreadDump, longest: number, most: number): string {
  const { name, goroutines, heapUsedBytes, utilization } = thread
  const counted = `${padStart(number(goroutines.length), most)} goroutine${goroutines.length === 1 ? "" : "s"}`
  return `  thread ${thread.thread}  ${padEnd(name, longest)}  ${padEnd(counted, most + 11)}  heap ${padStart(bytes(heapUsedBytes), 6)}  busy ${percent(utilization)}`
}

function footer(dump: ProcessDump, speech: Speech): Array<string> {
  const facts = [
    `Taken in ${millis(dump.tookMillis)}; no thread was stopped for longer than ${millis(dump.longestPauseMillis)} at a time.`,
  ]
  if (dump.inspectorOpenMillis > 0) facts.push(`The inspector was open for ${millis(dump.inspectorOpenMillis)}.`)
  let borrowed = 0
  for (const { goroutines } of dump.threads) for (const { isStackOfGroup } of goroutines) if (isStackOfGroup) borrowed++
  if (borrowed > 0)
    facts.push(
      `For ${count(borrowed, "goroutine")} the stack shown is that of another one of the same body and wait reason.`,
    )
  const leftOut = dump.threads.reduce((sum, { valuesLeftOut = 0 }) => sum + valuesLeftOut, 0)
  if (leftOut > 0)
    facts.push(`There are too many values: those of ${number(leftOut)} more senders and channels are left out.`)
  for (const { file, map } of dump.missingSourceMaps ?? [])
    facts.push(
      `${file} is minified and its source map is missing (${map}), so places and names are those of the bundle.`,
    )
  const lines = wrap(facts.join(" "), speech.columns).split("\n").map(dim)
  const stuck = waitGraph(dump)
    .knots.filter((knot) => knot.kind === "deadlock")
    .flatMap((knot) => [...knot.members, ...knot.behind])
  if (stuck.length > 0)
    lines.unshift(
      red(bold(`${count(stuck.length, "goroutine")} can never go on: deadlock.`)) + ` See weft blocked ${dump.pid}`,
    )
  return lines
}
