import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { exportMetrics, exportSpans } from "../../src/export/open-telemetry.ts"
import { NotCollected } from "../../src/export/otlp-collector.ts"
import { FrameKind, type TracedGoroutine } from "../../src/format/trace-file.ts"
import { syntheticTrace } from "../../src/trace/synthetic.ts"
import { readTimeline, TimelineBuilder } from "../../src/trace/timeline.ts"
import { type Received, startCollector } from "./collector.ts"
import { processStats } from "./process-stats.ts"
import { lockTrace, meta, WrittenTrace } from "./written-trace.ts"

describe("exportSpans", () => {
  it("sends a span for each goroutine within its parent's, from creation to end, with its waits as events", async () => {
    await using collector = await startCollector()
    const sent = await Effect.runPromise(exportSpans(lockTrace().timeline(), collector))
    const spans = spansIn(collector.received)
    expect(sent).toBe(4)
    expect(spans.map(({ name }) => name)).toEqual(["api", "holder", "locker", "locker"])
    const [root, holder, locker, other] = spans
    expect(holder?.parentSpanId).toBe(root?.spanId)
    expect([locker?.parentSpanId, other?.parentSpanId]).toEqual([holder?.spanId, holder?.spanId])
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(nanosIn(locker!)).toEqual([0n, 650n])
    expect(locker?.events.map(({ name, timeUnixNano }) => [name, BigInt(timeUnixNano) - zero])).toEqual([
      ["sync.Mutex.Lock", 200n],
    ])
    expect(attributesIn(locker!)).toMatchObject({
      ...{ "weft.goroutine.id": 2, "thread.name": "main", "weft.goroutine.started_at": "b.ts:2:2" },
      ...{ "weft.waits": 1, "weft.waiting.nanos": 300, "weft.running.nanos": 80 },
    })
    expect(attributesIn(other!)).toMatchObject({ "weft.not_ended": true })
    expect(nanosIn(other!)).toEqual([0n, 900n])
  })

  it("sends regions within their goroutines, and says how goroutines ended", async () => {
    await using collector = await startCollector()
    const trace = new WrittenTrace()
      .at(10)
      .create(1, "handler", "")
      .start(1)
      .region("request", 1)
      .at(40)
      .leave(1)
      .at(50)
      .end(2)
      .start(2)
      .end(3)
    await Effect.runPromise(exportSpans(trace.timeline(), collector))
    const [, handler, cancelled, request] = spansIn(collector.received)
    expect(request).toMatchObject({ name: "request", parentSpanId: handler?.spanId })
    expect(nanosIn(request!)).toEqual([10n, 40n])
    expect(handler?.status).toMatchObject({ code: 2, message: "panicked" })
    expect(cancelled?.status.code).toBe(0)
  })

  it("puts a goroutine within the span of one that is known only as its parent", async () => {
    await using collector = await startCollector()
    await Effect.runPromise(exportSpans(new WrittenTrace().at(5).create(4, "child", "", 3).at(9).timeline(), collector))
    const [root, parent, child] = spansIn(collector.received)
    expect(parent).toMatchObject({ name: "goroutine", parentSpanId: root?.spanId })
    expect(child).toMatchObject({ name: "child", parentSpanId: parent?.spanId })
  })

  it("keeps the first 128 waits of a goroutine as events, and counts them all", async () => {
    await using collector = await startCollector()
    const trace = new WrittenTrace().at(0)
    for (let i = 0; i < 130; i++) trace.start(1).park("sleep").unparkFromOutside(1)
    await Effect.runPromise(exportSpans(trace.timeline(), collector))
    const [, sleeper] = spansIn(collector.received)
    expect(sleeper?.events).toHaveLength(128)
    expect(attributesIn(sleeper!)).toMatchObject({ "weft.waits": 130 })
  })

  it("sends nothing of a thread that was listed and not recorded", async () => {
    await using collector = await startCollector()
    const builder = new TimelineBuilder()
    const there: TracedGoroutine = { id: 1, name: "idle", isMain: false, status: "waiting" }
    builder.add({ kind: FrameKind.Goroutines, thread: 1, goroutines: [there] })
    expect(await Effect.runPromise(exportSpans(builder.timeline(), collector))).toBe(1)
  })

  it("says who sent it, and with the headers that were asked for", async () => {
    await using collector = await startCollector()
    const { baseUrl } = collector
    await Effect.runPromise(
      exportSpans(lockTrace().timeline(), { baseUrl: `${baseUrl}/`, headers: { "x-key": "secret" } }),
    )
    const [{ path, headers, body } = {} as Received] = collector.received
    expect(path).toBe("/v1/traces")
    expect(headers["x-key"]).toBe("secret")
    expect(JSON.stringify(body)).toContain(`{"key":"service.name","value":{"stringValue":"${meta.title}"}}`)
  })

  it("sends many spans in batches, each once", async () => {
    await using collector = await startCollector()
    const timeline = await readTimeline(syntheticTrace({ records: 300_000, threads: 2 }))
    const sent = await Effect.runPromise(exportSpans(timeline, collector))
    const spans = spansIn(collector.received)
    expect(spans).toHaveLength(sent)
    expect(collector.received).toHaveLength(Math.ceil(sent / 1000))
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(sent)
    const ids = new Set(spans.map(({ spanId }) => spanId))
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([])
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1)
  })

  it("fails with what the collector answered", async () => {
    await using collector = await startCollector(400)
    const failure = await Effect.runPromise(Effect.flip(exportSpans(lockTrace().timeline(), collector)))
    expect(failure).toBeInstanceOf(NotCollected)
    expect(failure.message).toMatch(/http:\/\/127\.0\.0\.1:\d+ did not take the telemetry: HTTP 400; check/)
  })
})

describe("exportMetrics", () => {
  it("sends the process's totals and goroutines by status, of the last statistics only", async () => {
    await using collector = await startCollector()
    const [thread] = processStats.threads
    const later = { ...processStats, cpuSeconds: 4, threads: [{ ...thread!, waiting: 9, groups: [] }] }
    await Effect.runPromise(exportMetrics(Stream.make(processStats, later), collector))
    const [first, second] = collector.received.map(metricsIn)
    expect(collector.received[0]?.path).toBe("/v1/metrics")
    expect(first?.get("process_cpu_seconds_total")).toEqual([{ value: 3.25, attributes: { unit: "s" } }])
    expect(second?.get("process_cpu_seconds_total")).toEqual([{ value: 4, attributes: { unit: "s" } }])
    const waiting = { thread: "0", thread_name: "main", status: "waiting" }
    expect(first?.get("weft_goroutines")).toContainEqual({ value: 3, attributes: waiting })
    expect(second?.get("weft_goroutines")).toContainEqual({ value: 9, attributes: waiting })
    expect(first?.get("weft_goroutine_group_size")).toHaveLength(2)
    expect(second?.has("weft_goroutine_group_size")).toBe(false)
  })
})

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<Attribute>
  readonly events: ReadonlyArray<{ name: string; timeUnixNano: string }>
  readonly status: { readonly code: number; readonly message?: string }
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface OtlpMetric {
  readonly name: string
  readonly gauge?: { dataPoints: ReadonlyArray<DataPoint> }
  readonly sum?: { dataPoints: ReadonlyArray<DataPoint> }
}

interface DataPoint {
  readonly asDouble: number
  readonly attributes: ReadonlyArray<Attribute>
}

const zero = BigInt(meta.startedAt) * 1_000_000n

function spansIn(received: ReadonlyArray<Received>): Array<OtlpSpan> {
  return received.flatMap(({ body }) => {
    const { resourceSpans } = body as { resourceSpans: Array<{ scopeSpans: Array<{ spans: Array<OtlpSpan> }> }> }
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  })
}

function metricsIn({ body }: Received) {
  const { resourceMetrics } = body as {
    resourceMetrics: Array<{ scopeMetrics: Array<{ metrics: Array<OtlpMetric> }> }>
  }
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  return new Map(
    metrics.map(({ name, gauge, sum }) => [
      name,
      (gauge ?? sum)!.dataPoints.map((point) => ({ value: point.asDouble, attributes: attributesIn(point) })),
    ]),
  )
}

function nanosIn({ startTimeUnixNano, endTimeUnixNano }: OtlpSpan): [bigint, bigint] {
  return [BigInt(startTimeUnixNano) - zero, BigInt(endTimeUnixNano) - zero]
}

function attributesIn({ attributes }: { attributes: ReadonlyArray<Attribute> }): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
