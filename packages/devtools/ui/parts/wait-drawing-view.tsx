/** Draws the wait-for graph. dagre says where things lie. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { stateClasses } from "../model/reason-class.ts"
import type { WaitDrawing } from "../model/wait-drawing.ts"
import { format, route } from "../state/route.ts"
import { BOX_HEIGHT, type Placed, placeDrawing, type PlacedBox, shorten } from "./place-drawing.ts"

export function WaitDrawingView({ drawing }: { readonly drawing: WaitDrawing }) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(900)
  const placed = useMemo(() => placeDrawing(drawing, width), [drawing, width])
  useEffect(() => {
    const element = box.current!
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useLayoutEffect(() => showWhatMatters(box.current!, placed), [placed])
  return (
    <div class="wait-drawing" ref={box} tabIndex={0} role="region" aria-label="Wait-for graph">
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

/** Scrolled to the selected box, or to a deadlock, where that is not in sight. */
function showWhatMatters(scroller: HTMLElement, { boxes }: Placed): void {
  const target = boxes.find(({ box }) => box.isSelected) ?? boxes.find(({ box }) => box.isStuck)
  if (target === undefined) return
  const { clientHeight, clientWidth } = scroller
  const isInSight = target.x + target.width / 2 < clientWidth && target.y + BOX_HEIGHT < clientHeight
  scroller.scrollTo(isInSight ? 0 : target.x - clientWidth / 2, isInSight ? 0 : target.y - clientHeight / 2)
}

function BoxView({ box, width, x, y }: PlacedBox) {
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
