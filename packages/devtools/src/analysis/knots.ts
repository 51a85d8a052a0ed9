/**
 * Knots: what the stuck goroutines of a program hang on.
 *
 * Every waker of a stuck goroutine is stuck. So whoever follows the edges comes at last to a set in which everybody reaches everybody and no edge leads out:
 * a strongly connected component without a way out, which is a knot. One goroutine's act in it would free all of it. Everybody else who is stuck waits behind one.
 *
 * Tarjan's algorithm, with a stack of its own: a chain of joins may be a million long.
 */
import type { WaitEdge, WaitNode } from "./wait-graph.ts"

export interface Knot {
  /**
   * - `deadlock`: they wait for each other, in a ring or in several.
   * - `dead end`: a goroutine that waits for nobody, and that nothing can wake: on a nil channel, by `never()`. Some do so on purpose.
   */
  readonly kind: "deadlock" | "dead end"
  readonly members: ReadonlyArray<WaitNode>
  /** A shortest ring through the first member: each edge leads to where the next one begins, the last one to the first member. Empty in a dead end. */
  readonly ring: ReadonlyArray<WaitEdge>
  /** Those who wait for a member, or for somebody who does, and so on; nearest first. Who waits behind several is behind the first of them only. */
  readonly behind: ReadonlyArray<WaitNode>
}

export function tieKnots(stuck: ReadonlyArray<WaitNode>): ReadonlyArray<Knot> {
  const knots = components(stuck).filter(isWithoutWayOut).map(knotOf)
  knots.sort((a, b) => kindRank(a) - kindRank(b) || b.members.length - a.members.length || order(first(a), first(b)))
  for (const knot of knots) gatherBehind(knot)
  return knots
}

interface KnotInTheMaking extends Knot {
  readonly behind: Array<WaitNode>
}

function kindRank(knot: Knot): number {
  return knot.kind === "deadlock" ? 0 : 1
}

function first(knot: Knot): WaitNode {
  return knot.members[0]!
}

function order(a: WaitNode, b: WaitNode): number {
  return a.thread - b.thread || a.goroutine.id - b.goroutine.id
}

function knotOf(component: ReadonlyArray<WaitNode>): KnotInTheMaking {
  const members = component.toSorted(order)
  const kind = members[0]!.wakers.length === 0 ? "dead end" : "deadlock"
  const ring = kind === "dead end" ? [] : ringThrough(members[0]!)
  const knot: KnotInTheMaking = { kind, members, ring, behind: [] }
  for (const member of members) member.knot = knot
  return knot
}

function isWithoutWayOut(component: ReadonlyArray<WaitNode>): boolean {
  const members = new Set(component)
  return component.every((node) => node.wakers.every((edge) => members.has(edge.to)))
}

/** Breadth first from `start` back to it. Every edge of a knot leads on within it. */
function ringThrough(start: WaitNode): Array<WaitEdge> {
  const cameBy = new Map<WaitNode, readonly [from: WaitNode, edge: WaitEdge]>()
  const queue = [start]
  for (const node of queue) {
    for (const edge of node.wakers) {
      if (cameBy.has(edge.to)) continue
      cameBy.set(edge.to, [node, edge])
      queue.push(edge.to)
    }
    if (cameBy.has(start)) break
  }
  const ring: Array<WaitEdge> = []
  let node = start
  do {
    const [from, edge] = cameBy.get(node)!
    ring.unshift(edge)
    node = from
  } while (node !== start)
  return ring
}

function gatherBehind(knot: KnotInTheMaking): void {
  const gather = (node: WaitNode): void => {
    for (const waiter of node.waiters) {
      if (waiter.outlook !== "stuck" || waiter.knot !== undefined) continue
      waiter.knot = knot
      knot.behind.push(waiter)
    }
  }
  knot.members.forEach(gather)
  for (const node of knot.behind) gather(node)
}

/** Strongly connected components. */
function components(nodes: ReadonlyArray<WaitNode>): Array<Array<WaitNode>> {
  interface Visit {
    readonly node: WaitNode
    readonly index: number
    low: number
    isOpen: boolean
    nextEdge: number
  }
  const visits = new Map<WaitNode, Visit>()
  const open: Array<Visit> = []
  const found: Array<Array<WaitNode>> = []
  const begin = (node: WaitNode): Visit => {
    const visit = { node, index: visits.size, low: visits.size, isOpen: true, nextEdge: 0 }
    visits.set(node, visit)
    open.push(visit)
    return visit
  }
  for (const root of nodes) {
    if (visits.has(root)) continue
    const path = [begin(root)]
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const edge = visit.node.wakers[visit.nextEdge++]
      if (edge !== undefined) {
        const seen = visits.get(edge.to)
        if (seen === undefined) path.push(begin(edge.to))
        else if (seen.isOpen) visit.low = Math.min(visit.low, seen.index)
        continue
      }
      path.pop()
      const before = path.at(-1)
      if (before !== undefined) before.low = Math.min(before.low, visit.low)
      if (visit.low !== visit.index) continue
      const component: Array<WaitNode> = []
      for (let member = open.pop(); member !== undefined; member = member === visit ? undefined : open.pop()) {
        member.isOpen = false
        component.push(member.node)
      }
      found.push(component)
    }
  }
  return found
}
