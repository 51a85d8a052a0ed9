import type { Knot } from "../analysis/knots.ts"
import { type WaitNode, waitGraph } from "../analysis/wait-graph.ts"
import type { GoroutineDump, ProcessDump } from "../format/dump.ts"

/** What `weft blocked --json` prints. */
export interface Blocked {
  readonly pid: number
  /** Sets of goroutines none of which can ever go on. */
  readonly stuck: ReadonlyArray<{
    /** They wait for each other, or a goroutine waits for what can't come. */
    readonly kind: "deadlock" | "dead end"
    readonly members: ReadonlyArray<BlockedGoroutine>
    /** A shortest ring: each waits for the next one, the last one for the first, because of what the next one holds; without `holds` it is joined. */
    readonly ring: ReadonlyArray<{ readonly thread: number; readonly id: number; readonly holds?: number }>
    readonly behind: ReadonlyArray<BlockedGoroutine>
  }>
  /** Goroutines that wait for certain others, one of which can go on; with the next one on the shortest way to that. */
  readonly heldUp: ReadonlyArray<{ readonly goroutine: BlockedGoroutine; readonly by: number }>
}

export type BlockedGoroutine = GoroutineDump & { readonly thread: number }

export function blockedAsJson(dump: ProcessDump): Blocked {
  const graph = waitGraph(dump)
  return {
    pid: dump.pid,
    stuck: graph.knots.map(stuck),
    heldUp: graph.nodes.flatMap((node) =>
      node.outlook !== "held up" || node.rescue === undefined
        ? []
        : [{ goroutine: plain(node), by: node.rescue.to.goroutine.id }],
    ),
  }
}

function stuck({ kind, members, ring, behind }: Knot): Blocked["stuck"][number] {
  return {
    kind,
    members: members.map(plain),
    ring: ring.map(({ to, via }) => ({
      thread: to.thread,
      id: to.goroutine.id,
      ...(via === undefined ? {} : { holds: via.id }),
    })),
    behind: behind.map(plain),
  }
}

function plain({ thread, goroutine }: WaitNode): BlockedGoroutine {
  return { thread, ...goroutine }
}
