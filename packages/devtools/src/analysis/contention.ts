import type { ObjectDump } from "../format/dump.ts"
import type { WaitGraph, WaitNode } from "./wait-graph.ts"

/** What goroutines wait on, and who. */
export interface Contended {
  readonly thread: number
  readonly object: ObjectDump
  /** Who holds it, if that is known and in the dump. */
  readonly owner: WaitNode | undefined
  /** Longest wait first. */
  readonly waiting: ReadonlyArray<WaitNode>
}

/** Most waited for first. */
export function contention(graph: WaitGraph): ReadonlyArray<Contended> {
  const waiting = new Map<ObjectDump, Array<WaitNode>>()
  for (const node of graph.nodes)
    for (const object of node.objects) {
      const nodes = waiting.get(object)
      if (nodes === undefined) waiting.set(object, [node])
      else nodes.push(node)
    }
  return [...waiting]
    .map(([object, nodes]) => {
      const thread = nodes[0]!.thread
      const owner = object.owner === undefined ? undefined : graph.find(thread, object.owner)
      return { thread, object, owner, waiting: nodes.sort((a, b) => b.goroutine.waitMillis - a.goroutine.waitMillis) }
    })
    .sort((a, b) => b.waiting.length - a.waiting.length || a.thread - b.thread || a.object.id - b.object.id)
}
