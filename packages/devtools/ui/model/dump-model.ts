/** A dump, with what the pages ask of it: rows, objects and who waits on them, the wait-for graph. */
import { type Contended, contention } from "../../src/analysis/contention.ts"
import { type GoroutineGroup, groups } from "../../src/analysis/groups.ts"
import { type WaitGraph, type WaitNode, waitGraph, waitGraphInSteps } from "../../src/analysis/wait-graph.ts"
import type { ObjectDump, ProcessDump, ThreadDump } from "../../src/format/dump.ts"
import { type GoroutineRow, keyOf, rowOf } from "./goroutine-row.ts"

export interface KnownObject {
  readonly thread: number
  readonly threadName: string
  readonly object: ObjectDump
}

const PIECE = 20_000

/** A message, as timers in a row are put off by 4 ms. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

function* rowsOf(thread: ThreadDump): Generator<GoroutineRow, void> {
  const objects = new Map(thread.objects.map((object) => [object.id, object]))
  for (const goroutine of thread.goroutines) yield rowOf(thread, goroutine, objects.get(goroutine.on[0] ?? 0))
}

export class DumpModel {
  readonly dump: ProcessDump
  readonly graph: WaitGraph
  readonly rows: ReadonlyArray<GoroutineRow>
  readonly contended: ReadonlyArray<Contended>
  #rowsByKey: ReadonlyMap<string, GoroutineRow> | undefined
  readonly #contendedByKey: ReadonlyMap<string, Contended>
  #groups: ReadonlyArray<GoroutineGroup> | undefined

  /** Of a large dump in pieces, so that the page goes on meanwhile. */
  static async of(dump: ProcessDump): Promise<DumpModel> {
    const rows: Array<GoroutineRow> = []
    for (const thread of dump.threads)
      for (const row of rowsOf(thread)) {
        rows.push(row)
        if (rows.length % PIECE === 0) await turn()
      }
    const steps = waitGraphInSteps(dump)
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return new DumpModel(dump, rows, value)
      await turn()
    }
  }

  constructor(
    dump: ProcessDump,
    rows: ReadonlyArray<GoroutineRow> = dump.threads.flatMap((thread) => [...rowsOf(thread)]),
    graph: WaitGraph = waitGraph(dump),
  ) {
    this.dump = dump
    this.rows = rows
    this.graph = graph
    this.contended = contention(this.graph)
    this.#contendedByKey = new Map(this.contended.map((one) => [keyOf(one.thread, one.object.id), one]))
  }

  get groups(): ReadonlyArray<GoroutineGroup> {
    return (this.#groups ??= groups(this.dump))
  }

  row(key: string): GoroutineRow | undefined {
    this.#rowsByKey ??= new Map(this.rows.map((row) => [row.key, row]))
    return this.#rowsByKey.get(key)
  }

  rowOfNode(node: WaitNode): GoroutineRow {
    return this.row(keyOf(node.thread, node.goroutine.id))!
  }

  node(row: GoroutineRow): WaitNode | undefined {
    return this.graph.find(row.thread, row.id)
  }

  contendedBy(thread: number, objectId: number): Contended | undefined {
    return this.#contendedByKey.get(keyOf(thread, objectId))
  }

  children(row: GoroutineRow): ReadonlyArray<GoroutineRow> {
    return this.rows.filter((other) => other.thread === row.thread && other.parent === row.id)
  }

  /** All objects, those nobody waits on included. */
  objects(isWanted: (object: ObjectDump) => boolean): ReadonlyArray<KnownObject> {
    return this.dump.threads.flatMap(({ name, objects, thread }) =>
      objects.filter(isWanted).map((object) => ({ thread, threadName: name, object })),
    )
  }
}
