import type { GoroutineGroup, Member } from "../../analysis/groups.ts"
import type { DumpNames } from "./dump-names.ts"
import { agePart, frames, nameOf, numberOf, stateOf, stateWord } from "./goroutine-text.ts"
import { bold, dim, fit, yellow } from "./paint.ts"
import { count, number } from "./quantity.ts"
import { tally } from "./tally.ts"

/** A headline, what they wait for, the stack, and where they were started. */
export function groupText(group: GoroutineGroup, names: DumpNames): Array<string> {
  const isOne = group.members.length === 1
  return [
    isOne ? headlineOfOne(group.members[0]!, names) : headline(group, names),
    ...waits(group, names),
    ...values(group, names),
    ...frames(group.stack, "    ", names.speech),
    ...started(group, names),
  ]
}

function headlineOfOne({ goroutine, thread }: Member, { speech }: DumpNames): string {
  const name = nameOf(goroutine)
  const number = numberOf(thread, goroutine.id, speech)
  return `goroutine ${number} ${bold(stateOf(goroutine))}:${name === "" ? "" : ` ${name}`}`
}

function headline({ members, reason, status }: GoroutineGroup, { speech }: DumpNames): string {
  const longest = members.reduce((most, { goroutine }) => Math.max(most, goroutine.waitMillis), 0)
  const state = bold(`[${stateWord(status, reason)}${agePart(longest, ", up to ")}]`)
  const called = tally(namesOf(members), 2)
  const names = called.shown.map(({ text }) => text).join(", ") + andOthers(called.others)
  const ids = members.slice(0, 3).map(({ goroutine, thread }) => numberOf(thread, goroutine.id, speech))
  const more = members.length - ids.length
  const numbers = `${dim("numbers")} ${ids.join(", ")}${more === 0 ? "" : dim(` and ${number(more)} more`)}`
  return `${bold(count(members.length, "goroutine"))} ${state}${names === "" ? "" : `: ${names}`}  ${numbers}`
}

function waits({ members }: GoroutineGroup, names: DumpNames): Array<string> {
  const { others, shown } = tally(waitsOf(members, names), 3)
  const isOneThing = shown.length === 1
  const lines = shown.map(({ text, times }) => {
    const often = isOneThing || times === 1 ? "" : `  ${dim(`${number(times)} times`)}`
    return `    ${yellow("waits for")} ${text}${often}`
  })
  if (others > 0) lines.push(`    ${dim(andOthers(others).trim())}`)
  return lines
}

/** Where they were asked for. */
function values({ members }: GoroutineGroup, names: DumpNames): Array<string> {
  const sends = tally(
    eachOf(members, (member) => names.sends(member)),
    5,
  )
  const held = tally(
    eachOf(members, (member) => names.buffered(member)),
    5,
  )
  const often = (times: number) => (times === 1 ? "" : dim(` ${number(times)} times`))
  const { valueColumns } = names.speech
  return [
    ...sends.shown.map(({ text, times }) => fit(`      ${dim("sends")}${often(times)} ${text}`, valueColumns)),
    ...(sends.others > 0 ? [`      ${dim(andOthers(sends.others).trim())}`] : []),
    ...held.shown.map(({ text }) => fit(`      ${text}`, valueColumns)),
    ...(held.others > 0 ? [`      ${dim(andOthers(held.others).trim())}`] : []),
  ]
}

function* eachOf(
  members: ReadonlyArray<Member>,
  textsOf: (member: Member) => ReadonlyArray<string>,
): Generator<string, void> {
  for (const member of members) yield* textsOf(member)
}

function started({ members, startedAt }: GoroutineGroup, names: DumpNames): Array<string> {
  const { others, shown } = tally(parentsOf(members, names), 1)
  const [parent] = shown
  const by = parent === undefined ? "" : ` by ${parent.text}${dim(andOthers(others))}`
  if (startedAt !== undefined) return [`  ${dim("started at")} ${names.speech.places.show(startedAt)}${by}`]
  return by === "" ? [] : [`  ${dim("started")}${by}`]
}

function andOthers(others: number): string {
  return others === 0 ? "" : ` and ${count(others, "other")}`
}

function* namesOf(members: ReadonlyArray<Member>): Generator<string, void> {
  for (const { goroutine } of members) {
    const name = nameOf(goroutine)
    if (name !== "") yield name
  }
}

function* waitsOf(members: ReadonlyArray<Member>, names: DumpNames): Generator<string, void> {
  for (const member of members) yield* names.waitsFor(member)
}

function* parentsOf(members: ReadonlyArray<Member>, names: DumpNames): Generator<string, void> {
  for (const member of members) {
    const parent = names.parentOf(member)
    if (parent !== undefined) yield parent
  }
}
