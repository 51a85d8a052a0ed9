import { nanos } from "../model/figures.ts"
import { StateClasses, stateClasses } from "../model/reason-class.ts"
import { useCell } from "../state/cell.ts"
import { messagesOf, regionsOf } from "../trace/marks-of.ts"
import type { Slice, TraceModel } from "../trace/trace-model.ts"
import { valuesOf, valueText } from "../trace/values-of.ts"
import type { TimelineController } from "./controller.ts"
import { kindOf } from "./object-name.ts"

/** What lies under the pointer. */
export function Tooltip({ timeline }: { readonly timeline: TimelineController }) {
  const hover = useCell(timeline.hover)
  if (hover === undefined) return null
  const track = timeline.trackOf(hover.row)
  if (track === undefined) return null
  const { model } = timeline
  const slice = model.slice(track, hover.slice)
  const time = timeline.timeAt(hover.x)
  const near = timeline.timeAt(hover.x + 5) - time
  const isGoroutine = track >= model.tracks.threads
  const regions = isGoroutine ? regionsOf(model, track, time, time) : []
  const said = isGoroutine ? messagesOf(model, track, time - near, time + near) : []
  const values = valuesNear(model, slice.runs ?? track, slice, time)
  const isRight = hover.x > timeline.width - 300
  return (
    <div
      class="tooltip"
      style={{
        top: `${hover.y + 16}px`,
        ...(isRight ? { right: `${timeline.width - hover.x + 12}px` } : { left: `${hover.x + 12}px` }),
      }}
    >
      <strong>{slice.runs === undefined ? model.name(track) : model.name(slice.runs)}</strong>
      <p>
        <i class={`dot c-${stateClasses[slice.stateClass]!.id}`} /> {slice.label} · {nanos(slice.end - slice.begin)}
      </p>
      <p class="muted">from {nanos(slice.begin - model.begin)}</p>
      {slice.object === 0 ? null : <p>on {kindOf(model, track, slice.object)}</p>}
      {said.map(({ isPanic, text, time }) => (
        <p key={time} class={isPanic ? "bad" : undefined}>
          {isPanic ? "panic: " : "“"}
          {text}
          {isPanic ? "" : "”"}
        </p>
      ))}
      {values.values.map((value) => (
        <p key={value.row} class="value">
          {value.isReceived ? "received" : "sent"} <code>{valueText(value)}</code>
        </p>
      ))}
      {values.count > values.values.length ? (
        <p class="muted">the last of {values.count.toLocaleString("en-US")} here</p>
      ) : null}
      {regions.map(({ begin, end, name }) => (
        <p key={begin}>
          in {name} <span class="muted">({nanos(end - begin)})</span>
        </p>
      ))}
      {slice.waker === undefined ? null : <p>woken by {wakerName(model, slice.waker)}</p>}
    </div>
  )
}

const MAX_VALUES = 4
const MAX_COUNTED = 10_000

/** Of a goroutine's slice those that it sent or received in it; of a long one up to the pointer. */
function valuesNear(model: TraceModel, track: number, slice: Slice, time: number): ReturnType<typeof valuesOf> {
  if (track < model.tracks.threads) return { values: [], count: 0 }
  const all = valuesOf(model, track, slice.begin, slice.end, MAX_VALUES)
  if (all.count > MAX_VALUES && all.count < MAX_COUNTED) {
    const before = valuesOf(model, track, slice.begin, time, MAX_VALUES)
    if (before.count > 0) return before
  }
  if (all.count > 0 || slice.stateClass <= StateClasses.RUNNABLE) return all
  // What it waits to hand over it began to send before the wait.
  const last = valuesOf(model, track, -Infinity, slice.begin, 1).values.filter(({ isReceived }) => !isReceived)
  return { values: /send|select/.test(slice.label) ? last : [], count: 0 }
}

const wakerName = (model: TraceModel, waker: number): string =>
  waker === -1 ? "a timer, a promise, I/O or another thread" : model.name(waker)
