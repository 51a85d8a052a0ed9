/** The wait-for graph as text: deadlocks, then who holds up whom, then where goroutines wait for what anybody might do. */
import { type Contended, contention } from "../../analysis/contention.ts"
import type { Knot } from "../../analysis/knots.ts"
import { waitGraph, type WaitEdge, type WaitGraph, type WaitNode } from "../../analysis/wait-graph.ts"
import type { ProcessDump } from "../../format/dump.ts"
import { header } from "./dump-text.ts"
import { called, frames, type Speech, stateOf, thing } from "./goroutine-text.ts"
import { heldUpText } from "./held-up-text.ts"
import { bold, dim, green, red, yellow } from "./paint.ts"
import { count, number } from "./quantity.ts"
import { tally } from "./tally.ts"
import { wrap } from "./wrap.ts"

export function blockedText(dump: ProcessDump, speech: Speech, graph: WaitGraph = waitGraph(dump)): string {
  const deadlocks = graph.knots.filter((knot) => knot.kind === "deadlock")
  const deadEnds = graph.knots.filter((knot) => knot.kind === "dead end")
  const parts = [
    header(dump, speech),
    ...deadlocks.map((knot) => deadlockText(knot, speech)),
    ...(deadlocks.length === 0
      ? [[green("No deadlock: every goroutine that waits for certain others waits for one that can go on.")]]
      : []),
    deadEndsText(deadEnds, speech),
    heldUpText(graph, speech),
    openText(graph, speech),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")
}

function deadlockText(knot: Knot, speech: Speech): Array<string> {
  const n = knot.members.length
  const what = n === 1 ? "a goroutine waits for itself" : `${count(n, "goroutine")} wait for each other`
  const behind = knot.behind.length === 0 ? "" : `, and ${number(knot.behind.length)} more for them`
  const lines = [red(bold(`DEADLOCK: ${what}${behind}`)), ""]
  const shown = knot.ring.slice(0, mostInRing)
  for (const [i, edge] of shown.entries()) {
    const from = i === 0 ? knot.members[0]! : shown[i - 1]!.to
    lines.push(`  ${red(i === 0 ? "┌>" : "│ ")} ${titleOf(from, speech)}`)
    for (const frame of frames(from.goroutine.stack, "       ", speech)) lines.push(`  ${red("│ ")}${frame.slice(2)}`)
    const isLast = i === shown.length - 1
    const left = knot.ring.length - shown.length
    if (isLast && left > 0) lines.push(`  ${red("│ ")}  ${dim(`... and ${count(left, "more goroutine")} in the ring`)}`)
    const to = isLast ? knot.members[0]! : edge.to
    lines.push(
      `  ${red(isLast ? "└─" : "│ ")}   ${yellow("waits for")} ${reasonOf(edge)} ${called(to.thread, to.goroutine, speech)}`,
    )
  }
  const aside = n - knot.ring.length
  if (aside > 0)
    lines.push(
      "",
      `  ${count(aside, "more goroutine")} of the ${number(n)} wait in other rings through the same goroutines`,
    )
  if (knot.behind.length > 0) lines.push("", `  Behind it: ${listed(knot.behind, speech)}`)
  return lines
}

const mostInRing = 20

function reasonOf({ via }: WaitEdge): string {
  return via === undefined ? "the end of" : `${thing(via)}, held by`
}

export function titleOf({ thread, goroutine }: WaitNode, speech: Speech): string {
  return `${called(thread, goroutine, speech)} ${bold(stateOf(goroutine))}`
}

function listed(nodes: ReadonlyArray<WaitNode>, speech: Speech): string {
  const most = 5
  const names = nodes
    .slice(0, most)
    .map((node) => `${called(node.thread, node.goroutine, speech)} ${dim(stateOf(node.goroutine))}`)
  if (nodes.length > most) names.push(`and ${number(nodes.length - most)} more`)
  return names.join("; ")
}

function deadEndsText(knots: ReadonlyArray<Knot>, speech: Speech): Array<string> {
  if (knots.length === 0) return []
  const lines = [bold("Wait for what can't come, perhaps on purpose:"), ""]
  for (const { members, behind } of knots.slice(0, 10)) {
    lines.push(`  ${titleOf(members[0]!, speech)}`, ...frames(members[0]!.goroutine.stack, "      ", speech))
    if (behind.length > 0) lines.push(`    behind it: ${listed(behind, speech)}`)
  }
  if (knots.length > 10) lines.push(`  and ${number(knots.length - 10)} more`)
  return lines
}

function openText(graph: WaitGraph, speech: Speech): Array<string> {
  let open = 0
  let outside = 0
  for (const { goroutine, outlook } of graph.nodes) {
    if (outlook !== "open") continue
    open++
    if (goroutine.isWokenFromOutside === true) outside++
  }
  if (open === 0) return []
  const text = `${count(open, "goroutine")} can be woken by anybody who can reach what they wait on${outside === 0 ? "" : `, ${number(outside)} of them by a timer, a promise, I/O or another thread`}.`
  const things = contention(graph).filter(
    ({ owner, waiting }) => owner === undefined && waiting.some((node) => node.outlook === "open"),
  )
  const most = 20
  const lines = [bold("Wait for what anybody might do:"), "", wrap(text, speech.columns - 2, "  ")]
  for (const each of things.slice(0, most)) lines.push(thingLine(each))
  if (things.length > most) lines.push(dim(`    and ${count(things.length - most, "thing")} more that fewer wait on`))
  return lines
}

function thingLine({ object, waiting }: Contended): string {
  const { others, shown } = tally(whoWaits(waiting), 3)
  const who = shown.map(({ text, times }) => (times === 1 ? text : `${text} ${number(times)} times`))
  if (others > 0) who.push(`and ${count(others, "other")}`)
  return `    ${thing(object)}: ${who.join(", ")}`
}

function* whoWaits(waiting: ReadonlyArray<WaitNode>): Generator<string, void> {
  for (const { goroutine } of waiting)
    yield `${goroutine.reason ?? "waiting"}${goroutine.name === "" ? "" : ` by ${goroutine.name}`}`
}
