/**
 * Where the boxes and arrows of a drawing lie.
 *
 * Parts that hang together are laid out each by itself, by dagre, and then set in lines like words: what matters most comes first, where it is seen without
 * scrolling. dagre alone would set all of them below each other and begin each at the same left edge.
 */
import dagre from "@dagrejs/dagre"
import type { Arrow, Box, WaitDrawing } from "../model/wait-drawing.ts"

export const BOX_HEIGHT = 40
const LETTER = 6.9
const MARGIN = 18
const GAP = 28

export interface Placed {
  readonly width: number
  readonly height: number
  readonly boxes: ReadonlyArray<PlacedBox>
  readonly arrows: ReadonlyArray<{ readonly arrow: Arrow; readonly path: string }>
}

export interface PlacedBox {
  readonly box: Box
  /** Of its middle. */
  readonly x: number
  readonly y: number
  readonly width: number
}

export function placeDrawing(drawing: WaitDrawing, roomWidth: number): Placed {
  const room = roomWidth - 2 * MARGIN
  const parts = connectedParts(drawing).map((part) => {
    const across = placePart(part, "LR")
    return across.width <= room ? across : placePart(part, "TB")
  })
  const boxes: Array<PlacedBox> = []
  const arrows: Array<Placed["arrows"][number]> = []
  let x = MARGIN
  let y = MARGIN
  let lineHeight = 0
  let width = 0
  for (const part of parts) {
    if (x > MARGIN && x + part.width > room) {
      x = MARGIN
      y += lineHeight + GAP
      lineHeight = 0
    }
    for (const one of part.boxes) boxes.push({ ...one, x: one.x + x, y: one.y + y })
    for (const { arrow, points } of part.arrows) {
      arrows.push({ arrow, path: smooth(points.map((point) => ({ x: point.x + x, y: point.y + y }))) })
    }
    x += part.width + GAP
    width = Math.max(width, x - GAP)
    lineHeight = Math.max(lineHeight, part.height)
  }
  return { width: width + MARGIN, height: y + lineHeight + MARGIN, boxes, arrows }
}

/** Stuck ones first, then the selected one, then the larger. */
function connectedParts({ arrows, boxes }: WaitDrawing): ReadonlyArray<Pick<WaitDrawing, "arrows" | "boxes">> {
  const root = new Map(boxes.map(({ id }) => [id, id]))
  const find = (id: string): string => {
    let at = id
    while (root.get(at) !== at) at = root.get(at)!
    root.set(id, at)
    return at
  }
  for (const { from, to } of arrows) root.set(find(from), find(to))
  const parts = new Map<string, { boxes: Array<Box>; arrows: Array<Arrow> }>()
  for (const box of boxes) {
    const part = parts.get(find(box.id)) ?? { boxes: [], arrows: [] }
    parts.set(find(box.id), part)
    part.boxes.push(box)
  }
  for (const arrow of arrows) parts.get(find(arrow.from))!.arrows.push(arrow)
  const weight = (part: { boxes: Array<Box> }): number =>
    (part.boxes.some(({ isStuck }) => isStuck) ? 1e6 : 0) +
    (part.boxes.some(({ isSelected }) => isSelected) ? 1e5 : 0) +
    part.boxes.reduce((sum, { rows }) => sum + rows.length, 0)
  return [...parts.values()].sort((a, b) => weight(b) - weight(a))
}

function placePart({ arrows, boxes }: Pick<WaitDrawing, "arrows" | "boxes">, rankdir: "LR" | "TB") {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir, nodesep: 14, ranksep: rankdir === "LR" ? 44 : 26 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const box of boxes) graph.setNode(box.id, { width: widthOf(box), height: BOX_HEIGHT })
  for (const { from, to } of arrows) graph.setEdge(from, to)
  dagre.layout(graph)
  const { height = 0, width = 0 } = graph.graph() as { readonly height?: number; readonly width?: number }
  return {
    width,
    height,
    boxes: boxes.map((box) => ({ box, ...(graph.node(box.id) as { x: number; y: number; width: number }) })),
    arrows: arrows.map((arrow) => ({
      arrow,
      points: (graph.edge(arrow.from, arrow.to) as { points: Array<{ x: number; y: number }> }).points,
    })),
  }
}

export const shorten = (text: string): string => (text.length > 34 ? `${text.slice(0, 33)}…` : text)

const widthOf = ({ note, title }: Box): number =>
  Math.max(104, Math.max(title.length * LETTER, shorten(note).length * LETTER * 0.88) + 32)

/** Through the middles between the points that the layout gives. */
function smooth(points: ReadonlyArray<{ readonly x: number; readonly y: number }>): string {
  const [first, ...rest] = points
  if (first === undefined) return ""
  let path = `M${first.x} ${first.y}`
  rest.forEach((point, i) => {
    const next = rest[i + 1]
    path +=
      next === undefined
        ? ` L${point.x} ${point.y}`
        : ` Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`
  })
  return path
}
