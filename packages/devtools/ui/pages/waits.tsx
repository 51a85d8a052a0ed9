import { useMemo } from "preact/hooks"
import type { Knot } from "../../src/analysis/knots.ts"
import type { DumpModel } from "../model/dump-model.ts"
import { count, duration, plural } from "../model/figures.ts"
import { drawWaits } from "../model/wait-drawing.ts"
import { Empty } from "../parts/empty.tsx"
import { GoroutineLink, GoroutineList } from "../parts/goroutine-link.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { WaitDrawingView } from "../parts/wait-drawing-view.tsx"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { route } from "../state/route.ts"

export function Waits() {
  const model = useCell(dump).value
  return (
    <section class="page filling">
      <PageHead title="Wait-for graph" />
      {model === undefined ? (
        <Empty title="No graph yet">It is drawn from a dump of a running process.</Empty>
      ) : (
        <Graph model={model} />
      )}
    </section>
  )
}

function Graph({ model }: { readonly model: DumpModel }) {
  const selected = useCell(route).params["g"]
  const drawing = useMemo(() => drawWaits(model, selected), [model, selected])
  const deadlocks = model.graph.knots.filter(({ kind }) => kind === "deadlock")
  const deadEnds = model.graph.knots.filter(({ kind }) => kind === "dead end")
  return (
    <>
      {deadlocks.length === 0 ? (
        <p class="lead">No deadlock: everybody who waits for certain goroutines waits for one that can go on.</p>
      ) : (
        <ul class="knots">
          {deadlocks.map((knot) => (
            <Deadlock key={model.rowOfNode(knot.members[0]!).key} knot={knot} model={model} />
          ))}
        </ul>
      )}
      {deadEnds.length === 0 ? null : (
        <details class="dead-ends">
          <summary>{plural(deadEnds.length, "goroutine")} that nothing can wake; some may wait so on purpose</summary>
          <GoroutineList rows={deadEnds.map(({ members }) => model.rowOfNode(members[0]!))} max={30} />
        </details>
      )}
      {drawing.boxes.length === 0 ? (
        <Empty title="Nothing to draw">Nobody waits for anything that others could give.</Empty>
      ) : (
        <>
          <WaitDrawingView drawing={drawing} />
          <p class="muted">
            An arrow means “waits for”.{" "}
            {drawing.leftOut > 0
              ? `${count(drawing.leftOut)} more goroutines wait and are left out; open one to see it here.`
              : ""}
          </p>
        </>
      )}
    </>
  )
}

/** The ring in words: who waits, for what, held by whom. */
function Deadlock({ knot, model }: { readonly knot: Knot; readonly model: DumpModel }) {
  const first = knot.members[0]!
  const longest = Math.max(...knot.members.map(({ goroutine }) => goroutine.waitMillis))
  return (
    <li class="verdict">
      <p>
        <strong>Deadlock of {knot.members.length}</strong> for {duration(longest)}
        {knot.behind.length > 0 ? `, ${plural(knot.behind.length, "other")} stuck behind it` : ""}
      </p>
      <p class="ring">
        <GoroutineLink row={model.rowOfNode(first)} />
        {knot.ring.map(({ to, via }, i) => (
          <span key={i}>
            {" waits for "}
            {via === undefined ? null : `${via.kind} #${via.id}, held by `}
            <GoroutineLink row={model.rowOfNode(to)} />
            {i < knot.ring.length - 1 ? ", which" : "."}
          </span>
        ))}
      </p>
    </li>
  )
}
