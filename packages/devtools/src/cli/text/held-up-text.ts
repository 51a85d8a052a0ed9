import type { WaitGraph, WaitNode } from "../../analysis/wait-graph.ts"
import { agePart, called, type Speech, stateOf, stateWord, thing } from "./goroutine-text.ts"
import { bold, dim } from "./paint.ts"
import { count, number } from "./quantity.ts"

/**
 * Trees: at the root a goroutine that can go on, below it those who wait for it. Who waits for several stands where its shortest way to one that can go on leads.
 *
 * Those who wait for the same in the same way and whom nobody waits for are counted on one line.
 */
export function heldUpText(graph: WaitGraph, speech: Speech): Array<string> {
  const below = new Map<WaitNode, Array<WaitNode>>()
  for (const node of graph.nodes) {
    if (node.outlook !== "held up" || node.rescue === undefined) continue
    const siblings = below.get(node.rescue.to)
    if (siblings === undefined) below.set(node.rescue.to, [node])
    else siblings.push(node)
  }
  const roots = [...below.keys()].filter((node) => node.outlook !== "held up")
  if (roots.length === 0) return []
  const sizes = new Map(roots.map((root) => [root, sizeOf(root, below)]))
  roots.sort((a, b) => sizes.get(b)! - sizes.get(a)!)
  const lines = [bold("Wait for certain goroutines that can go on:")]
  for (const root of roots.slice(0, mostRoots)) {
    lines.push(
      "",
      `  ${called(root.thread, root.goroutine, speech)} ${bold(stateOf(root.goroutine))} holds up ${number(sizes.get(root)!)}`,
    )
    branches(root, below, speech, "  ", 0, lines)
  }
  if (roots.length > mostRoots)
    lines.push("", dim(`  and ${count(roots.length - mostRoots, "goroutine")} more that hold up fewer`))
  return lines
}

const mostRoots = 20
const mostBranches = 8
const mostDepth = 8

type Below = ReadonlyMap<WaitNode, ReadonlyArray<WaitNode>>

function sizeOf(root: WaitNode, below: Below): number {
  const found = [root]
  for (const node of found) for (const next of below.get(node) ?? []) found.push(next)
  return found.length - 1
}

function branches(
  node: WaitNode,
  below: Below,
  speech: Speech,
  indent: string,
  depth: number,
  lines: Array<string>,
): void {
  const children = alike(below.get(node) ?? [], below)
  const shown = children.slice(0, mostBranches)
  const hidden = children.length - shown.length
  for (const [i, group] of shown.entries()) {
    const isLast = i === shown.length - 1 && hidden === 0
    lines.push(`${indent}${dim(isLast ? "└─" : "├─")} ${branchText(group, speech)}`)
    const [only] = group
    if (group.length > 1 || !below.has(only!)) continue
    const deeper = `${indent}${dim(isLast ? "  " : "│ ")} `
    if (depth < mostDepth) branches(only!, below, speech, deeper, depth + 1, lines)
    else lines.push(`${deeper}${dim(`└─ ${number(sizeOf(only!, below))} more behind it`)}`)
  }
  if (hidden > 0) lines.push(`${indent}${dim(`└─ and ${number(hidden)} more kinds`)}`)
}

/** Most numerous first. */
function alike(nodes: ReadonlyArray<WaitNode>, below: Below): Array<ReadonlyArray<WaitNode>> {
  const groups = new Map<string | WaitNode, Array<WaitNode>>()
  for (const node of nodes) {
    const { name, reason } = node.goroutine
    const key = below.has(node) ? node : `${name}\n${reason ?? ""}\n${node.rescue?.via?.id ?? ""}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [node])
    else group.push(node)
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)
}

function branchText(group: ReadonlyArray<WaitNode>, speech: Speech): string {
  const [first] = group
  const { thread, goroutine, rescue } = first!
  const on = rescue?.via === undefined ? "" : ` ${dim("for")} ${thing(rescue.via)}`
  if (group.length === 1) return `${called(thread, goroutine, speech)} ${stateOf(goroutine)}${on}`
  const longest = group.reduce((most, node) => Math.max(most, node.goroutine.waitMillis), 0)
  const state = `[${stateWord(goroutine.status, goroutine.reason)}${agePart(longest, ", up to ")}]`
  return `${count(group.length, "goroutine")}${goroutine.name === "" ? "" : `, ${goroutine.name}`} ${state}${on}`
}
