/** Draws the wait-for graph. dagre says where things lie. */
import dagre from "@dagrejs/dagre"
import { useMemo } from "preact/hooks"
import { stateClasses } from "../model/reason-class.ts"
import type { Arrow, Box, WaitDrawing } from "../model/wait-drawing.ts"
import { format, route } from "../state/route.ts"

const BOX_HEIGHT = 40
const LETTER = 6.9
const MARGIN = 16

interface Placed {
  readonly width: number
  readonly height: number
  readonly boxes: ReadonlyArray<{ readonly box: Box; readonly x: number; readonly y: number; readonly width: number }>
  readonly arrows: ReadonlyArray<{ readonly arrow: Arrow; readonly path: string }>
}

export function WaitDrawingView({ drawing }: { readonly drawing: WaitDrawing }) {
  const placed = useMemo(() => place(drawing), [drawing])
  return (
    <div class="wait-drawing" tabIndex={0} role="region" aria-label="Wait-for graph">
      <svg
        width={placed.width}
        height={placed.height}
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        role="group"
        aria-label="Who waits for whom; the same in words stands above."
      >
        <defs>
          {["plain", "stuck"].map((tone) => (
            <marker
              key={tone}
              id={`tip-${tone}`}
              class={tone}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0.5 L8 4 L0 7.5 z" />
            </marker>
          ))}
        </defs>
        {placed.arrows.map(({ arrow, path }) => (
          <path
            key={`${arrow.from} ${arrow.to}`}
            class={arrow.isStuck ? "arrow stuck" : "arrow"}
            d={path}
            marker-end={`url(#tip-${arrow.isStuck ? "stuck" : "plain"})`}
          />
        ))}
        {placed.boxes.map((one) => (
          <BoxView key={one.box.id} {...one} />
        ))}
      </svg>
    </div>
  )
}

function BoxView({ box, width, x, y }: Placed["boxes"][number]) {
  const classes = ["box", box.kind, ...(box.isStuck ? ["stuck"] : []), ...(box.isSelected ? ["selected"] : [])]
  const content = (
    <g class={classes.join(" ")} transform={`translate(${x - width / 2} ${y - BOX_HEIGHT / 2})`}>
      <rect width={width} height={BOX_HEIGHT} rx={box.kind === "object" ? BOX_HEIGHT / 2 : 6} />
      {box.kind === "object" ? null : (
        <rect class={`c-${stateClasses[box.stateClass]!.id}`} width="4" height={BOX_HEIGHT} rx="2" />
      )}
      <text x={box.kind === "object" ? 18 : 14} y="17">
        {box.title}
      </text>
      <text class="note" x={box.kind === "object" ? 18 : 14} y="32">
        {shorten(box.note)}
      </text>
    </g>
  )
  const first = box.rows[0]
  if (first === undefined) return content
  const { page, params } = route.value
  return <a href={format({ page, params: { ...params, g: first.key } })}>{content}</a>
}

function place({ arrows, boxes }: WaitDrawing): Placed {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 56, marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const box of boxes) graph.setNode(box.id, { width: widthOf(box), height: BOX_HEIGHT })
  for (const { from, to } of arrows) graph.setEdge(from, to)
  dagre.layout(graph)
  const { height = 0, width = 0 } = graph.graph()
  return {
    width,
    height,
    boxes: boxes.map((box) => ({ box, ...(graph.node(box.id) as { x: number; y: number; width: number }) })),
    arrows: arrows.map((arrow) => {
      const { points } = graph.edge(arrow.from, arrow.to) as { points: Array<{ x: number; y: number }> }
      return { arrow, path: smooth(points) }
    }),
  }
}

const shorten = (text: string): string => (text.length > 34 ? `${text.slice(0, 33)}…` : text)

const widthOf = ({ note, title }: Box): number =>
  Math.max(110, Math.max(title.length * LETTER, shorten(note).length * LETTER * 0.88) + 34)

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
