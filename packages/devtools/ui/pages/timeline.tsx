import { Empty } from "../parts/empty.tsx"
import { bytes, percent } from "../model/figures.ts"
import { useCell } from "../state/cell.ts"
import { meta } from "../state/observed.ts"
import { TimelineView } from "../timeline/timeline-view.tsx"
import { openFile, trace } from "../trace/opened-trace.ts"
import { toggleRecording } from "../trace/record.ts"
import type { TraceModel } from "../trace/trace-model.ts"

export function Timeline() {
  const opened = useCell(trace)
  switch (opened.is) {
    case "none":
      return <NoTrace />
    case "opening":
      return (
        <Empty title="Reading the trace">
          {opened.of === undefined
            ? bytes(opened.bytes)
            : `${percent(opened.bytes / opened.of)} of ${bytes(opened.of)}`}
        </Empty>
      )
    case "failed":
      return (
        <Empty title="The trace can't be read">
          {opened.why} <FileButton />
        </Empty>
      )
    case "open":
      return (
        <>
          <Lost model={opened.model} />
          {opened.model.timeline.records === 0 ? (
            <Empty title="The trace is empty">Nothing happened while it was recorded.</Empty>
          ) : (
            <TimelineView model={opened.model} />
          )}
        </>
      )
  }
}

function NoTrace() {
  const about = useCell(meta)
  return (
    <Empty title="No trace yet">
      A trace shows when each goroutine ran, and what it waited for in between.{" "}
      {about?.source === "process" ? (
        <>
          <button class="primary" onClick={toggleRecording}>
            Record one
          </button>{" "}
          or{" "}
        </>
      ) : null}
      <FileButton />
    </Empty>
  )
}

const FileButton = () => (
  <label class="file-button">
    open a file
    <input
      type="file"
      class="visually-hidden"
      onChange={(event) => {
        const file = event.currentTarget.files?.[0]
        if (file !== undefined) openFile(file)
      }}
    />
  </label>
)

/** What the trace does not have is said, never hidden. */
function Lost({ model }: { readonly model: TraceModel }) {
  const { dropped, droppedValues, ended } = model.timeline
  const parts = [
    ...(droppedValues > 0
      ? [
          `${droppedValues.toLocaleString("en-US")} values of messages were lost, as they came faster than they could be sent.`,
        ]
      : []),
    ...(dropped > 0
      ? [`${dropped.toLocaleString("en-US")} records were dropped, as the ring was full: gaps are left blank.`]
      : []),
    ...(ended === undefined ? ["The trace was cut off; what came before is shown."] : []),
    ...(ended !== undefined && ended.reason !== "asked" ? [`Recording ended because: ${ended.reason}.`] : []),
  ]
  return parts.length === 0 ? null : <p class="notice">{parts.join(" ")}</p>
}
