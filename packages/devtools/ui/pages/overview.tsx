import { Empty } from "../parts/empty.tsx"
import { useCell } from "../state/cell.ts"
import { connection, meta, samples } from "../state/observed.ts"
import { trace } from "../trace/opened-trace.ts"
import { LiveOverview } from "./live-overview.tsx"
import { TraceOverview } from "./trace-overview.tsx"

export function Overview() {
  const about = useCell(meta)
  const seen = useCell(samples)
  const opened = useCell(trace)
  const link = useCell(connection)
  if (about?.source === "file") {
    if (opened.is === "open") return <TraceOverview model={opened.model} />
    return (
      <Empty title={opened.is === "failed" ? "The trace can't be read" : "Reading the trace"}>
        {opened.is === "failed" ? opened.why : "A moment."}
      </Empty>
    )
  }
  if (seen.length > 0) return <LiveOverview samples={seen} />
  return (
    <Empty
      title={
        link.is === "ended"
          ? about?.pageUrl === undefined
            ? "The process has ended"
            : "The page is gone"
          : "No figures yet"
      }
    >
      {link.is === "ended"
        ? "Its last dump is on the other pages."
        : link.is === "weftless"
          ? "They come once it has loaded Weft."
          : "They come once a second."}
    </Empty>
  )
}
