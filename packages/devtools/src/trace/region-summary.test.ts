import { describe, expect, it } from "vitest"
import { WrittenTrace } from "../../test/export/written-trace.ts"
import { render } from "../cli/text/paint.ts"
import { summaryText } from "../export/summary-text.ts"
import { summarize } from "./summary.ts"

/** A hundred of "parse", of 1 to 100 ns; one of "send", and another that is not left. */
function trace(): WrittenTrace {
  const written = new WrittenTrace().at(0).start(1)
  for (let i = 1; i <= 100; i++) {
    written.at(1000 * i).region("parse", i)
    written.at(1000 * i + i).leave(i)
  }
  return written.at(200_000).region("send", 101).at(209_000).leave(101).region("send", 102).at(300_000).yield()
}

describe("regions in a summary", () => {
  it("say how often and how long, most time first, of those that were left", () => {
    expect(summarize(trace().timeline()).regions).toEqual([
      { name: "send", count: 1, nanos: 9000, p50: 9000, p99: 9000, longest: 9000, open: 1 },
      { name: "parse", count: 100, nanos: 5050, p50: 50, p99: 99, longest: 100, open: 0 },
    ])
  })

  it("of which none was left have no figures", () => {
    const { regions } = summarize(new WrittenTrace().at(5).start(1).region("stuck", 1).at(9).yield().timeline())
    expect(regions).toEqual([{ name: "stuck", count: 0, nanos: 0, p50: 0, p99: 0, longest: 0, open: 1 }])
  })

  it("are a table of the text, where there are any", () => {
    const text = (written: WrittenTrace) => render(summaryText(summarize(written.timeline()), { columns: 100 }), false)
    expect(text(trace())).toContain(`Regions
REGION  COUNT    TOTAL      P50      P99  LONGEST  NOT LEFT
send        1  9.00 µs  9.00 µs  9.00 µs  9.00 µs         1
parse     100  5.05 µs    50 ns    99 ns   100 ns
`)
    expect(text(new WrittenTrace().at(1).start(1).at(2).yield())).not.toContain("Regions")
  })
})
