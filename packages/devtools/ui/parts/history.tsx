/** What a goroutine did in the open trace: in sum, and its last slices, with what it sent and received meanwhile. */
import { nanos, percent } from "../model/figures.ts"
import { stateClasses } from "../model/reason-class.ts"
import { format } from "../state/route.ts"
import { formatView } from "../timeline/view.ts"
import type { Slice, TraceModel } from "../trace/trace-model.ts"
import { type PassedValue, valuesOf, valueText } from "../trace/values-of.ts"
import { Part } from "./part.tsx"
import { Dot } from "./state-badge.tsx"

const MAX_SLICES = 40
const MAX_VALUES = 40

export function History({ model, track }: { readonly model: TraceModel; readonly track: number }) {
  const { offset } = model.tracks
  const to = offset[track + 1]!
  const from = Math.max(offset[track]!, to - MAX_SLICES)
  const slices = Array.from({ length: to - from }, (_, i) => model.slice(track, from + i)).filter(
    ({ stateClass }) => stateClass !== 0,
  )
  const since = slices[0]?.begin ?? -Infinity
  const passed = valuesOf(model, track, since, Infinity, MAX_VALUES).values
  return (
    <Part title="In the trace">
      <Sums model={model} track={track} />
      {slices.length === 0 && passed.length === 0 ? (
        <p class="muted">Nothing of it was recorded.</p>
      ) : (
        <ol class="history" aria-label="Its last slices, latest first">
          {latestFirst(slices, passed).map((entry) =>
            "row" in entry ? (
              <Passed key={`v${entry.row}`} model={model} track={track} value={entry} />
            ) : (
              <Lasted key={entry.index} model={model} track={track} slice={entry} />
            ),
          )}
        </ol>
      )}
    </Part>
  )
}

/** One of the same moment as a slice stands after its beginning. */
function latestFirst(
  slices: ReadonlyArray<Slice>,
  values: ReadonlyArray<PassedValue>,
): ReadonlyArray<Slice | PassedValue> {
  const at = (entry: Slice | PassedValue): number => ("row" in entry ? entry.time : entry.begin)
  return [...slices, ...values].sort((a, b) => at(a) - at(b)).reverse()
}

function Lasted({
  model,
  slice,
  track,
}: {
  readonly model: TraceModel
  readonly track: number
  readonly slice: Slice
}) {
  return (
    <li>
      <a href={format({ page: "timeline", params: { g: model.key(track), t: windowAround(model, slice) } })}>
        <span class="number">{nanos(slice.begin - model.begin)}</span>
        <Dot of={slice.stateClass} />
        <span>
          {slice.label}
          {slice.waker === undefined ? null : (
            <small> woken {slice.waker === -1 ? "from outside" : `by ${model.name(slice.waker)}`}</small>
          )}
        </span>
        <span class="number">{nanos(slice.end - slice.begin)}</span>
      </a>
    </li>
  )
}

function Passed({
  model,
  track,
  value,
}: {
  readonly model: TraceModel
  readonly track: number
  readonly value: PassedValue
}) {
  const around = { begin: value.time, end: value.time }
  return (
    <li class="value">
      <a href={format({ page: "timeline", params: { g: model.key(track), t: windowAround(model, around) } })}>
        <span class="number">{nanos(value.time - model.begin)}</span>
        <span aria-hidden="true">{value.isReceived ? "←" : "→"}</span>
        <span>
          {value.isReceived ? "received" : "sent"} <code>{valueText(value)}</code>
        </span>
        <small>{value.object === 0 ? "" : `#${value.object}`}</small>
      </a>
    </li>
  )
}

function Sums({ model, track }: { readonly model: TraceModel; readonly track: number }) {
  const totals = stateClasses
    .map(({ label }, kind) => ({ label, kind, total: model.total(track, kind) }))
    .filter(({ kind, total }) => kind > 0 && total > 0)
  const all = totals.reduce((sum, { total }) => sum + total, 0)
  return (
    <>
      <div class="share-bar" aria-hidden="true">
        {totals.map(({ kind, total }) => (
          <i key={kind} class={`c-${stateClasses[kind]!.id}`} style={{ flexGrow: total / all }} />
        ))}
      </div>
      <dl class="sums">
        {totals.map(({ kind, label, total }) => (
          <div key={kind}>
            <dt>
              <Dot of={kind} />
              {label}
            </dt>
            <dd>
              {nanos(total)} <small>{percent(total / all)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function windowAround(model: TraceModel, { begin, end }: Pick<Slice, "begin" | "end">): string {
  const margin = Math.max(end - begin, 1_000) * 2
  return formatView({ from: begin - margin, to: end + margin }, model)
}
