import { go, run, sleep, trace } from "@weft/core"
import { describe, expect, it } from "vitest"
import { performanceTracks } from "./performance-tracks.ts"

interface Entry {
  readonly name: string
  readonly detail: {
    readonly devtools: { readonly track: string; readonly trackGroup: string; readonly dataType: string }
  }
}

/** What the panel would be given. */
async function entriesOf(work: () => Promise<void>): Promise<Array<Entry>> {
  const entries: Array<Entry> = []
  const observer = new PerformanceObserver((list) => entries.push(...(list.getEntries() as unknown as Array<Entry>)))
  observer.observe({ entryTypes: ["measure"] })
  await work()
  await new Promise((resolve) => setTimeout(resolve, 50))
  observer.disconnect()
  return entries.filter((entry) => (entry.detail as Entry["detail"] | null)?.devtools.trackGroup === "Weft")
}

const program = () =>
  run(function* () {
    yield* go.named("worker", function* () {
      using _ = trace.region("parsing")
      yield* sleep(5)
    })
  })

describe("performanceTracks", () => {
  it("shows who runs, what each goroutine waits for, and regions; keeps nothing", async () => {
    const stop = performanceTracks()
    const entries = await entriesOf(program)
    stop()
    const on = (track: RegExp) =>
      entries.filter(({ detail }) => track.test(detail.devtools.track)).map(({ name }) => name.replace(/#\d+/, "#"))
    expect(on(/^worker/)).toEqual(["sleep"])
    expect(on(/^main/)).toEqual(["join"])
    expect(on(/^regions of worker/)).toEqual(["parsing"])
    expect(on(/^running/)).toEqual(expect.arrayContaining(["worker #", "main #"]))
    expect(performance.getEntriesByType("measure")).toEqual([])
  })

  it("shows nothing once it has been ended", async () => {
    performanceTracks()()
    expect(await entriesOf(program)).toEqual([])
  })
})
