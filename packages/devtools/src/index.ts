export type { Contended } from "./analysis/contention.ts"
export { contention } from "./analysis/contention.ts"
export { groups, type GoroutineGroup, type Member, type Threads } from "./analysis/groups.ts"
export type { Knot } from "./analysis/knots.ts"
export { type Outlook, type WaitEdge, type WaitGraph, waitGraph, type WaitNode } from "./analysis/wait-graph.ts"
export { attach } from "./attach/attach.ts"
export type {
  Attached,
  AttachedProcess,
  RecordedEvent,
  Recording,
  RunningTrace,
  TraceRequest,
  WeftProcess,
} from "./attach/attached.ts"
export { CannotAttach } from "./attach/cannot-attach.ts"
export { processes } from "./attach/processes.ts"
export { chromeTrace } from "./export/chrome.ts"
export { foldedStacks } from "./export/folded.ts"
export { exportMetrics, exportSpans } from "./export/open-telemetry.ts"
export { NotCollected, type OtlpOptions } from "./export/otlp-collector.ts"
export { perfettoTrace } from "./export/perfetto.ts"
export { pprofProfile } from "./export/pprof.ts"
export { prometheusContentType, prometheusText } from "./export/prometheus.ts"
export {
  type SpeedscopeFile,
  speedscopeFile,
  type SpeedscopeFrame,
  type SpeedscopeProfile,
} from "./export/speedscope.ts"
export { summaryText, type SummaryTextOptions } from "./export/summary-text.ts"
export { FlightRecorder, type FlightRecorderOptions } from "./flight-recorder.ts"
export type {
  GoroutineDump,
  MissingSourceMap,
  ObjectDump,
  ProcessDump,
  ThreadDump,
  WaitingSend,
} from "./format/dump.ts"
export type { SilentThread } from "./format/silent-thread.ts"
export type { ProcessLeaks, ThreadLeaks } from "./format/leaks.ts"
export type { ProcessStats, StatsGroup, ThreadStats } from "./format/stats.ts"
export type { ValueOptions } from "./format/value-options.ts"
export { performanceTracks } from "./performance-tracks.ts"
export { metricsChannel, publishMetrics } from "./publish-metrics.ts"
export { type OwnTrace, startTrace, type TraceOptions } from "./start-trace.ts"
export { InvalidTrace } from "./trace/invalid-trace.ts"
export { summarize, type TraceSummary } from "./trace/summary.ts"
export { readTimeline, type Timeline } from "./trace/timeline.ts"
export { onDeadlock, onLeak, type WatchOptions } from "./watch.ts"
export { serve, type Served, type ServeOptions } from "./web/serve.ts"
