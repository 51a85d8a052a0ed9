import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { render } from "../../src/cli/text/paint.ts"
import { chromeTrace } from "../../src/export/chrome.ts"
import { foldedStacks } from "../../src/export/folded.ts"
import { perfettoTrace } from "../../src/export/perfetto.ts"
import { speedscopeFile } from "../../src/export/speedscope.ts"
import { RecordKind } from "../../src/format/record-kind.ts"
import { FrameKind, type TracedGoroutine } from "../../src/format/trace-file.ts"
import { summarize } from "../../src/trace/summary.ts"
import { summaryText } from "../../src/export/summary-text.ts"
import { TimelineBuilder } from "../../src/trace/timeline.ts"
import type { TraceFrame } from "../../src/trace/trace-frame.ts"
import { checkTimeline } from "./check-timeline.ts"
import { meta } from "./written-trace.ts"

/** Records that no scheduler would make, of few goroutines, so that they meet. */
const record = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.nat(31), fc.nat(4), fc.integer({ min: -1, max: 5 })) },
  { weight: 3, arbitrary: fc.tuple(fc.constant(RecordKind.Clock), fc.nat(2), fc.integer()) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(31), fc.nat(2 ** 27 - 1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  },
)

const records = fc
  .tuple(fc.nat(2), fc.oneof(fc.constant(0), fc.nat(9)), fc.array(record, { maxLength: 30 }))
  .map(([thread, dropped, entries]): TraceFrame => {
    const words = Int32Array.from(entries.flatMap(([kind, arg, id]) => [kind | (arg << 5), id]))
    return { kind: FrameKind.Records, thread, dropped, words }
  })

const goroutine = fc.record<TracedGoroutine>(
  {
    ...{ id: fc.nat(5), name: fc.string(), isMain: fc.boolean() },
    status: fc.constantFrom("running", "runnable", "waiting"),
    ...{ reason: fc.string(), on: fc.array(fc.nat(4), { maxLength: 3 }), parent: fc.nat(5), startedAt: fc.string() },
  },
  { requiredKeys: ["id", "name", "isMain", "status"] },
)

const frame: fc.Arbitrary<TraceFrame> = fc.oneof(
  { weight: 5, arbitrary: records },
  fc.record({
    kind: fc.constant(FrameKind.Goroutines),
    thread: fc.nat(2),
    goroutines: fc.array(goroutine, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant(FrameKind.Strings),
    thread: fc.nat(2),
    first: fc.nat(5),
    strings: fc.array(fc.string(), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant(FrameKind.Thread),
    thread: fc.nat(2),
    name: fc.string(),
    zero: fc.double({ min: 0, max: 1e15, noNaN: true }),
  }),
  fc.constant({ kind: FrameKind.Meta, ...meta }),
)

describe("a trace that makes no sense", () => {
  it("keeps the laws of timelines, however often it is asked for one in between", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(frame, fc.boolean()), { maxLength: 12 }), (frames) => {
        const builder = new TimelineBuilder()
        for (const [each, asks] of frames) {
          builder.add(each)
          if (asks) builder.timeline()
        }
        expect(checkTimeline(builder.timeline().threads)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it("is summarized and exported without an error", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const builder = new TimelineBuilder()
        for (const each of frames) builder.add(each)
        const timeline = builder.timeline()
        render(summaryText(summarize(timeline), { columns: 100 }), true)
        for (const _ of perfettoTrace(timeline));
        JSON.parse([...chromeTrace(timeline)].map((chunk) => new TextDecoder().decode(chunk)).join(""))
        expect(foldedStacks(timeline)).toMatch(/^(?:.* \d+\n)*$/)
        for (const { weights } of speedscopeFile(timeline).profiles) {
          expect(weights.every((weight) => weight >= 0)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
