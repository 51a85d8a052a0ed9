import { useEffect, useState } from "preact/hooks"
import { bytes, duration } from "../model/figures.ts"
import { useCell } from "../state/cell.ts"
import { connection, meta } from "../state/observed.ts"
import { downloadTrace, recording, toggleRecording } from "../trace/record.ts"

/** Starts and stops a recording; offers the last one as a file. */
export function RecordButton() {
  const state = useCell(recording)
  const about = useCell(meta)
  const link = useCell(connection)
  const seconds = useSeconds(state.is === "running")
  if (about?.source !== "process") return null
  const isRunning = state.is === "running"
  return (
    <>
      {state.is === "done" ? (
        <button class="quiet" onClick={downloadTrace}>
          Download {bytes(state.bytes)}
        </button>
      ) : null}
      <button
        class={`record ${state.is}`}
        onClick={toggleRecording}
        disabled={state.is === "stopping" || (!isRunning && link.is !== "live")}
        aria-pressed={isRunning}
        title="c"
      >
        <i aria-hidden="true" />
        {isRunning ? `Stop · ${duration(seconds * 1_000)} · ${bytes(state.bytes)}` : "Record trace"}
      </button>
    </>
  )
}

function useSeconds(isCounting: boolean): number {
  const [seconds, set] = useState(0)
  useEffect(() => {
    if (!isCounting) return
    set(0)
    const timer = setInterval(() => set((n) => n + 1), 1_000)
    return () => clearInterval(timer)
  }, [isCounting])
  return seconds
}
