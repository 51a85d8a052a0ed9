/**
 * WaitGraph: who waits for whom.
 *
 * An edge goes from a goroutine to one whose act it needs: who holds the lock, who is joined. A goroutine goes on as soon as any one of them acts,
 * as a select goes on by any of its cases. Where anybody might wake it (a channel that others can reach), or something outside (a timer, a promise,
 * another thread), there are no edges to go by, and it is taken for free.
 *
 * Stuck is the largest set of waiting goroutines none of which is free and each of whose wakers is in the set: nobody in it can be the first to act. That is
 * more than finding cycles: a select in a ring is no deadlock while one of its wakers runs, and a goroutine that joins one in a deadlock is stuck without
 * being in a ring. The search begins with everybody who is free and spreads backwards over the edges, so it takes time linear in goroutines and edges.
 *
 * Never a false alarm, though threads are looked at a part at a time while the program runs: see `isSettled`.
 *
 * Pure: the CLI and the browser use it.
 */
import type { GoroutineDump, ObjectDump, ProcessDump, ThreadDump } from "../format/dump.ts"
import { type Knot, tieKnots } from "./knots.ts"

export interface WaitGraph {
  readonly nodes: ReadonlyArray<WaitNode>
  /** Sets of goroutines that keep each other from ever going on. Larger ones first. */
  readonly knots: ReadonlyArray<Knot>
  find(thread: number, id: number): WaitNode | undefined
}

/**
 * What can become of a goroutine:
 * - `runs`: it runs or is about to.
 * - `open`: it waits for what anybody might do, or for something outside.
 * - `held up`: it waits for certain goroutines, one of which can go on.
 * - `stuck`: it waits for certain goroutines, none of which can ever go on.
 */
export type Outlook = "runs" | "open" | "held up" | "stuck"

export interface WaitEdge {
  readonly to: WaitNode
  /** What it holds and the other waits on; undefined where it is joined. */
  readonly via: ObjectDump | undefined
}

export class WaitNode {
  readonly thread: number
  readonly goroutine: GoroutineDump
  /** What it waits on. */
  readonly objects: ReadonlyArray<ObjectDump>
  /** Whom it needs, any one of them. Who is `open` may have some as well: then they are not all that could wake it. */
  wakers: ReadonlyArray<WaitEdge> = none
  /** Who needs this one. */
  waiters: ReadonlyArray<WaitNode> = none
  outlook: Outlook
  /** While it is held up: its way to one that can go on, by the fewest steps. */
  rescue: WaitEdge | undefined = undefined
  /** While it is stuck: the knot that it is in or behind. */
  knot: Knot | undefined = undefined

  constructor(thread: number, goroutine: GoroutineDump, objects: ReadonlyArray<ObjectDump>, outlook: Outlook) {
    this.thread = thread
    this.goroutine = goroutine
    this.objects = objects
    this.outlook = outlook
  }
}

export function waitGraph(dump: ProcessDump): WaitGraph {
  const steps = waitGraphInSteps(dump)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** The same in steps of a few milliseconds: a page has other things to do meanwhile. */
export function* waitGraphInSteps(dump: ProcessDump): Generator<void, WaitGraph> {
  const threads = new Map<number, Map<number, WaitNode>>()
  const nodes: Array<WaitNode> = []
  for (const thread of dump.threads) threads.set(thread.thread, yield* nodesOf(thread, nodes))
  for (const byId of threads.values()) yield* connect(byId, dump.tookMillis)
  yield* release(nodes)
  return {
    nodes,
    knots: tieKnots(nodes.filter((node) => node.outlook === "stuck")),
    find: (thread, id) => threads.get(thread)?.get(id),
  }
}

const none: ReadonlyArray<never> = []

const perStep = 20_000

function* nodesOf(thread: ThreadDump, all: Array<WaitNode>): Generator<void, Map<number, WaitNode>> {
  // Of a million goroutines most wait on the same few things: they share an array.
  const single = new Map<number, ReadonlyArray<ObjectDump>>()
  for (const object of thread.objects) single.set(object.id, [object])
  const byId = new Map<number, WaitNode>()
  for (const goroutine of thread.goroutines) {
    const { on, status } = goroutine
    const objects = on.length === 1 ? single.get(on[0]!) : on.flatMap((id) => single.get(id) ?? none)
    const outlook = status === "waiting" ? "open" : "runs"
    const node = new WaitNode(thread.thread, goroutine, objects ?? none, outlook)
    byId.set(goroutine.id, node)
    if (all.push(node) % perStep === 0) yield
  }
  return byId
}

/** Draws the edges of one thread. Until `release`, whoever waits for nothing but those counts as stuck. */
function* connect(byId: ReadonlyMap<number, WaitNode>, tookMillis: number): Generator<void, void> {
  let n = 0
  for (const node of byId.values()) {
    if (++n % perStep === 0) yield
    const { wakers, isWokenFromOutside } = node.goroutine
    if (node.outlook === "runs" || wakers === undefined) continue
    const edges: Array<WaitEdge> = []
    const ids = new Set(wakers)
    for (const id of ids) {
      const to = byId.get(id)
      if (to === undefined) continue
      edges.push({ to, via: node.objects.find((object) => object.owner === id) })
      if (to.waiters === none) to.waiters = []
      ;(to.waiters as Array<WaitNode>).push(node)
    }
    node.wakers = edges
    // One that is not in the dump has ended, or begun, since: then this one was about to be woken.
    const isKnown = edges.length === ids.size
    if (isKnown && isWokenFromOutside !== true && isSettled(node.goroutine, tookMillis)) node.outlook = "stuck"
  }
}

/**
 * Whether it has waited since before the dump began.
 *
 * A dump stops a thread for a short time only and goes on later, so it may show A waiting for B, and then, when A has gone on, B waiting for A. But if all of a set
 * were parked before the first of them was looked at, none of them has acted since: the first to do so would have needed another one that did.
 */
function isSettled(goroutine: GoroutineDump, tookMillis: number): boolean {
  return goroutine.waitMillis >= tookMillis
}

/** Breadth first, so that each is rescued by the shortest way. */
function* release(nodes: ReadonlyArray<WaitNode>): Generator<void, void> {
  const free = nodes.filter((node) => node.outlook !== "stuck")
  let n = 0
  for (const node of free) {
    if (++n % perStep === 0) yield
    for (const waiter of node.waiters) {
      if (waiter.outlook !== "stuck") continue
      waiter.outlook = "held up"
      waiter.rescue = waiter.wakers.find((edge) => edge.to === node)
      free.push(waiter)
    }
  }
}
