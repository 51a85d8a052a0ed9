/** A dump, with what the pages ask of it: rows, objects and who waits on them, the wait-for graph. */
import { type Contended, contention } from "../../src/analysis/contention.ts"
import { type GoroutineGroup, groups } from "../../src/analysis/groups.ts"
import { type WaitGraph, type WaitNode, waitGraph } from "../../src/analysis/wait-graph.ts"
import type { ObjectDump, ProcessDump } from "../../src/format/dump.ts"
import { type GoroutineRow, keyOf, rowOf } from "./goroutine-row.ts"

export interface KnownObject {
  readonly thread: number
  readonly object: ObjectDump
}

export class DumpModel {
  readonly dump: ProcessDump
  readonly graph: WaitGraph
  readonly rows: ReadonlyArray<GoroutineRow>
  readonly contended: ReadonlyArray<Contended>
  readonly #rowsByKey: ReadonlyMap<string, GoroutineRow>
  readonly #contendedByKey: ReadonlyMap<string, Contended>
  #groups: ReadonlyArray<GoroutineGroup> | undefined

  constructor(dump: ProcessDump) {
    this.dump = dump
    this.graph = waitGraph(dump)
    this.rows = dump.threads.flatMap((thread) => {
      const objects = new Map(thread.objects.map((object) => [object.id, object]))
      return thread.goroutines.map((goroutine) => rowOf(thread, goroutine, objects.get(goroutine.on[0] ?? 0)))
    })
    this.#rowsByKey = new Map(this.rows.map((row) => [row.key, row]))
    this.contended = contention(this.graph)
    this.#contendedByKey = new Map(this.contended.map((one) => [keyOf(one.thread, one.object.id), one]))
  }

  get groups(): ReadonlyArray<GoroutineGroup> {
    return (this.#groups ??= groups(this.dump))
  }

  row(key: string): GoroutineRow | undefined {
    return this.#rowsByKey.get(key)
  }

  rowOfNode(node: WaitNode): GoroutineRow {
    return this.#rowsByKey.get(keyOf(node.thread, node.goroutine.id))!
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
    return this.dump.threads.flatMap(({ objects, thread }) =>
      objects.filter(isWanted).map((object) => ({ thread, object })),
    )
  }
}
