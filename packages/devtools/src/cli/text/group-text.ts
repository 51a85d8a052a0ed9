import type { GoroutineGroup, Member } from "../../analysis/groups.ts"
import type { DumpNames } from "./dump-names.ts"
import { agePart, frames, nameOf, numberOf, stateOf, stateWord } from "./goroutine-text.ts"
import { bold, dim, yellow } from "./paint.ts"
import { count, number } from "./quantity.ts"
import { tally } from "./tally.ts"

/** A headline, what they wait for, the stack, and where they were started. */
export function groupText(group: GoroutineGroup, names: DumpNames): Array<string> {
  const lines = [headline(group, names)]
  for (const { text, times } of tally(
    group.members.flatMap((member) => names.waitsFor(member)),
    3,
  ))
    lines.push(`    ${yellow("waits for")} ${text}${times === "" ? "" : `  ${dim(times)}`}`)
  lines.push(...frames(group.stack, "    ", names.speech))
  const parents = tally(
    group.members.flatMap((member) => names.parentOf(member) ?? []),
    1,
  )
  const by =
    parents[0] === undefined
      ? ""
      : ` by ${parents[0].text}${parents[0].times === "" ? "" : ` ${dim(parents[0].times)}`}`
  if (group.startedAt !== undefined)
    lines.push(`  ${dim("started at")} ${names.speech.places.show(group.startedAt)}${by}`)
  else if (by !== "") lines.push(`  ${dim("started")}${by}`)
  return lines
}

function headline(group: GoroutineGroup, { speech }: DumpNames): string {
  const [first] = group.members
  if (group.members.length === 1) {
    const name = nameOf(first!.goroutine)
    return `goroutine ${numberOf(first!.thread, first!.goroutine.id, speech)} ${bold(stateOf(first!.goroutine))}:${name === "" ? "" : ` ${name}`}`
  }
  const called = tally(
    group.members.map(({ goroutine }) => nameOf(goroutine)).filter((name) => name !== ""),
    2,
  )
  const upTo = agePart(longestWait(group.members), ", up to ")
  const ids = group.members.slice(0, 3).map(({ thread, goroutine }) => numberOf(thread, goroutine.id, speech))
  const more = group.members.length - ids.length
  return (
    `${bold(count(group.members.length, "goroutine"))} ${bold(`[${stateWord(group.status, group.reason)}${upTo}]`)}${called.length === 0 ? "" : ": "}` +
    `${called.map(({ text }) => text).join(", ")}  ${dim("numbers")} ${ids.join(", ")}${more === 0 ? "" : dim(` and ${number(more)} more`)}`
  )
}

function longestWait(members: ReadonlyArray<Member>): number {
  return members.reduce((most, { goroutine }) => Math.max(most, goroutine.waitMillis), 0)
}
