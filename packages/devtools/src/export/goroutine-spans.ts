/**
 * Goroutines and regions as spans.
 *
 * A goroutine's span is within that of whoever started it, and the first within one of the whole process; a region is within its goroutine. What a goroutine
 * waited for are events of its span.
 */
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { endings } from "../format/record-kind.ts"
import { rowsOfGoroutines, type RowsOfGoroutine } from "../trace/rows-of-goroutine.ts"
import { startOf } from "../trace/starts.ts"
import type { ThreadTimeline } from "../trace/thread-timeline.ts"
import type { Timeline } from "../trace/timeline.ts"

/** Gives a span at a time to `tracer`, and says so: whoever asks for the next decides how many are held. */
export function* traceSpans(timeline: Timeline, tracer: Tracer.Tracer): Generator<void, void, void> {
  const { meta, begin, end } = timeline
  const root = tracer.span(options(timeline, meta?.title ?? "process", Option.none(), begin))
  root.attribute("process.pid", meta?.pid ?? 0)
  root.attribute("weft.records.dropped", timeline.dropped)
  root.end(nanosOf(timeline, end), Exit.void)
  yield
  for (const thread of timeline.threads) yield* new ThreadSpans(timeline, thread, tracer, root).spans()
}

/** What tracing backends keep of a span; the rest is counted. */
const MOST_EVENTS = 128

class ThreadSpans {
  readonly #timeline: Timeline
  readonly #thread: ThreadTimeline
  readonly #tracer: Tracer.Tracer
  readonly #root: Tracer.Span
  readonly #waits: RowsOfGoroutine
  readonly #running: Float64Array
  /** Ids of spans by goroutine. */
  readonly #ids: Array<string | undefined> = []

  constructor(timeline: Timeline, thread: ThreadTimeline, tracer: Tracer.Tracer, root: Tracer.Span) {
    this.#timeline = timeline
    this.#thread = thread
    this.#tracer = tracer
    this.#root = root
    const { waits, runs, goroutines, end } = thread
    this.#waits = rowsOfGoroutines(waits.goroutine, goroutines.length)
    this.#running = new Float64Array(goroutines.length)
    for (let i = 0; i < runs.length; i++) {
      this.#running[runs.goroutine[i]!]! += Math.min(runs.end[i]!, end) - runs.begin[i]!
    }
  }

  *spans(): Generator<void, void, void> {
    const { goroutines, regions, begin } = this.#thread
    // Nothing was recorded, so there are no times.
    if (begin === Infinity) return
    for (let row = 0; row < goroutines.length; row++) {
      // Parents first: a span says its parent's id.
      const chain: Array<number> = []
      for (let at = row; at !== -1 && this.#ids[at] === undefined; at = goroutines.parent[at]!) {
        // A chain that bites its tail is a broken trace.
        if (chain.length > goroutines.length) break
        chain.push(at)
      }
      for (const each of chain.toReversed()) {
        if (this.#ids[each] !== undefined) continue
        this.#ids[each] = this.#goroutine(each)
        yield
      }
    }
    for (let i = 0; i < regions.length; i++) {
      const goroutine = regions.goroutine[i]!
      const name = this.#timeline.texts[regions.name[i]!]!
      const span = this.#span(name, goroutine === -1 ? undefined : this.#ids[goroutine], regions.begin[i]!)
      this.#end(span, regions.end[i]!, Exit.void)
      yield
    }
  }

  #goroutine(row: number): string {
    const { thread, name: threadName, goroutines, waits, begin, end } = this.#thread
    const { texts } = this.#timeline
    const { name, site } = startOf(goroutines, row, texts)
    const parent = goroutines.parent[row]!
    const from = Math.max(goroutines.created[row]!, begin)
    const span = this.#span(name === "" ? "goroutine" : name, parent === -1 ? undefined : this.#ids[parent], from)
    span.attribute("weft.goroutine.id", goroutines.id[row]!)
    span.attribute("thread.id", thread)
    span.attribute("thread.name", threadName)
    if (site !== "") span.attribute("weft.goroutine.started_at", site)
    const own = this.#waits.rows.subarray(this.#waits.first[row], this.#waits.first[row + 1])
    let waiting = 0
    for (const [i, wait] of own.entries()) {
      const nanos = Math.min(waits.end[wait]!, end) - waits.begin[wait]!
      waiting += nanos
      if (i >= MOST_EVENTS) continue
      const says = {
        "weft.wait.nanos": Math.round(nanos),
        ...(waits.object[wait] === 0 ? {} : { "weft.object": waits.object[wait]! }),
      }
      span.event(texts[waits.reason[wait]!] || "waiting", nanosOf(this.#timeline, waits.begin[wait]!), says)
    }
    span.attribute("weft.waits", own.length)
    span.attribute("weft.waiting.nanos", Math.round(waiting))
    span.attribute("weft.running.nanos", Math.round(this.#running[row]!))
    this.#end(span, goroutines.ended[row]!, exitOf(goroutines.ending[row]!))
    return span.spanId
  }

  #span(name: string, parent: string | undefined, from: number): Tracer.Span {
    const traceId = this.#root.traceId
    const within = parent === undefined ? this.#root : Tracer.externalSpan({ spanId: parent, traceId })
    return this.#tracer.span(options(this.#timeline, name, Option.some(within), from))
  }

  #end(span: Tracer.Span, to: number, exit: Exit.Exit<void, string>): void {
    // Spans have an end, and it may be wrong to say that there was one.
    if (to === Infinity) span.attribute("weft.not_ended", true)
    span.end(nanosOf(this.#timeline, Math.min(to, this.#thread.end)), exit)
  }
}

function exitOf(ending: number): Exit.Exit<void, string> {
  switch (endings[ending]) {
    case "failed":
      return Exit.fail("failed")
    case "panicked":
      return Exit.die("panicked")
    case "interrupted":
      return Exit.interrupt()
    default:
      return Exit.void
  }
}

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

function options(timeline: Timeline, name: string, parent: Option.Option<Tracer.AnySpan>, from: number): SpanOptions {
  return {
    ...{ name, parent, annotations: Context.empty(), links: [], kind: "internal", sampled: true },
    ...{ root: Option.isNone(parent), startTime: nanosOf(timeline, from) },
  }
}

/** Since the Unix epoch: beyond what a number holds. */
function nanosOf({ zero }: Timeline, time: number): bigint {
  return BigInt(Math.round(zero * 1000)) * 1000n + BigInt(Math.round(time))
}
