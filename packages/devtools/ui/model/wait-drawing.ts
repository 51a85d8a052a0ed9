/**
 * What of the wait-for graph is drawn.
 *
 * An arrow goes from who waits to what it waits on, and from there to who holds it: read along the arrows, "waits for". Goroutines that do the same are one box.
 * A graph of thousands of boxes shows nothing, so of a large one only what matters is drawn: the knots, what hangs on them, the selected goroutine and its
 * neighbours, and then the most contended objects.
 */
import type { WaitNode } from "../../src/analysis/wait-graph.ts"
import type { ObjectDump } from "../../src/format/dump.ts"
import type { DumpModel } from "./dump-model.ts"
import { type GoroutineRow, shortDetail } from "./goroutine-row.ts"

export interface Box {
  readonly id: string
  readonly kind: "goroutine" | "object"
  readonly title: string
  readonly note: string
  readonly rows: ReadonlyArray<GoroutineRow>
  readonly stateClass: number
  readonly isStuck: boolean
  readonly isSelected: boolean
}

export interface Arrow {
  readonly from: string
  readonly to: string
  readonly isStuck: boolean
}

export interface WaitDrawing {
  readonly boxes: ReadonlyArray<Box>
  readonly arrows: ReadonlyArray<Arrow>
  /** Goroutines that wait for somebody and are not drawn. */
  readonly leftOut: number
}

const MAX_BOXES = 70

export function drawWaits(model: DumpModel, selected: string | undefined): WaitDrawing {
  const chosen = choose(model, selected)
  const groups = groupAlike(chosen, selected, model)
  const boxes = new Map<string, Box>()
  const arrows = new Map<string, Arrow>()
  const idOf = new Map<WaitNode, string>()
  for (const group of groups) {
    const rows = group.map((node) => model.rowOfNode(node))
    const id = `g${rows[0]!.key}`
    for (const node of group) idOf.set(node, id)
    boxes.set(
      id,
      goroutineBox(
        id,
        rows,
        isInDeadlock(group[0]!),
        rows.some(({ key }) => key === selected),
      ),
    )
  }
  const connect = (from: string, to: string, isStuck: boolean): void => {
    const key = `${from} ${to}`
    arrows.set(key, { from, to, isStuck: isStuck || arrows.get(key)?.isStuck === true })
  }
  for (const [node] of groups) {
    const from = idOf.get(node!)!
    for (const object of node!.objects) {
      const isLone = isAlone(model, node!, object)
      const id = isLone ? `${from} ${object.kind}` : `o${node!.thread}:${object.id}`
      const isStuck = isInDeadlock(node!) && node!.wakers.some(({ via }) => via === object)
      if (!boxes.has(id)) {
        const crowd = isLone ? boxes.get(from)!.rows.length : 1
        const title = crowd > 1 ? `${crowd}× ${object.kind}` : `${object.kind} #${object.id}`
        const note = crowd > 1 ? "one each" : shortDetail(object.detail ?? "")
        boxes.set(id, { id, kind: "object", title, note, ...NO_GOROUTINE, isStuck })
      }
      connect(from, id, isStuck)
    }
    for (const { to, via } of node!.wakers) {
      const target = idOf.get(to)
      if (target === undefined) continue
      connect(via === undefined ? from : `o${node!.thread}:${via.id}`, target, isInDeadlock(node!) && isInDeadlock(to))
    }
  }
  const waiting = model.graph.nodes.filter(matters).length
  return { boxes: [...boxes.values()], arrows: [...arrows.values()], leftOut: waiting - chosen.filter(matters).length }
}

const NO_GOROUTINE = { rows: [], stateClass: 0, isSelected: false }

const isInDeadlock = (node: WaitNode): boolean => node.knot?.kind === "deadlock" && node.knot.members.includes(node)

/** Whether nobody else waits on it or holds it. */
function isAlone(model: DumpModel, { thread }: WaitNode, object: ObjectDump): boolean {
  const contended = model.contendedBy(thread, object.id)
  return contended?.owner === undefined && (contended?.waiting.length ?? 0) < 2
}

/** Whether there is an arrow to draw: a lone sleeper has none. */
const matters = (node: WaitNode): boolean =>
  node.outlook !== "runs" && (node.objects.length > 0 || node.wakers.length > 0)

/** Knots, what hangs on them, the selected one, then by contention, until there are enough. */
function choose(model: DumpModel, selected: string | undefined): ReadonlyArray<WaitNode> {
  const chosen = new Set<WaitNode>()
  // A crowd that does the same is one box: it costs what one costs.
  const kinds = new Set<string>()
  const add = (node: WaitNode): void => {
    if (chosen.has(node)) return
    const kind = likeness(model, node)
    if (kinds.size >= MAX_BOXES && !kinds.has(kind)) return
    kinds.add(kind)
    chosen.add(node)
  }
  const around = (node: WaitNode): void => {
    add(node)
    for (const { to } of node.wakers) add(to)
    for (const waiter of node.waiters.slice(0, MAX_BOXES)) add(waiter)
  }
  const row = selected === undefined ? undefined : model.row(selected)
  const mine = row === undefined ? undefined : model.node(row)
  if (mine !== undefined) around(mine)
  for (const knot of model.graph.knots) if (knot.kind === "deadlock") knot.members.forEach(add)
  for (const knot of model.graph.knots) knot.behind.forEach(add)
  for (const { owner, waiting } of model.contended) {
    if (owner === undefined && waiting.length < 2) continue
    waiting.forEach(add)
    if (owner !== undefined) around(owner)
  }
  for (const node of model.graph.nodes) if (node.wakers.length > 0) around(node)
  for (const node of model.graph.nodes) if (matters(node)) add(node)
  return [...chosen]
}

function groupAlike(
  nodes: ReadonlyArray<WaitNode>,
  selected: string | undefined,
  model: DumpModel,
): ReadonlyArray<ReadonlyArray<WaitNode>> {
  const groups = new Map<string, Array<WaitNode>>()
  for (const node of nodes) {
    const key = model.rowOfNode(node).key
    const isApart = node.waiters.length > 0 || isInDeadlock(node) || key === selected
    const group = isApart ? key : likeness(model, node)
    const same = groups.get(group)
    if (same === undefined) groups.set(group, [node])
    else same.push(node)
  }
  return [...groups.values()]
}

/** Those who wait for something of their own each are alike if those are of one kind. */
function likeness(model: DumpModel, node: WaitNode): string {
  const { goroutine, objects, thread, wakers } = node
  const on = objects.map((object) => (isAlone(model, node, object) ? object.kind : object.id))
  return [thread, goroutine.name, goroutine.reason, on.join(), wakers.map(({ to }) => to.goroutine.id).join()].join("|")
}

function goroutineBox(id: string, rows: ReadonlyArray<GoroutineRow>, isStuck: boolean, isSelected: boolean): Box {
  const { name, reason, stateClass, status } = rows[0]!
  const crowd = rows.length > 1 ? `${rows.length}× ` : ""
  return {
    id,
    kind: "goroutine",
    title: `${crowd}${name || "goroutine"}${rows.length > 1 ? "" : ` #${rows[0]!.id}`}`,
    note: status === "waiting" ? reason : status,
    ...{ rows, stateClass, isStuck, isSelected },
  }
}
