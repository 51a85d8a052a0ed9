import { describe, expect, it } from "vitest"
import { type AttachPoint, go, install, run, sleep, trace, type TraceHooks } from "./index.ts"

async function heardOf(main: () => Generator<never, void> | Generator<unknown, void>): Promise<Array<string>> {
  const heard: Array<string> = []
  const hooks: TraceHooks = {
    regionBegin: (goroutine, name, id) => void heard.push(`${goroutine?.name ?? "nobody"} enters ${name} ${id}`),
    regionEnd: (goroutine, name, id) => void heard.push(`${goroutine?.name ?? "nobody"} leaves ${name} ${id}`),
    log: (goroutine, message) => void heard.push(`${goroutine?.name ?? "nobody"}: ${message}`),
  }
  const uninstall = install({ name: "hearing", setup: (runtime) => runtime.listen(hooks) })
  try {
    await run(main as never)
  } finally {
    uninstall()
  }
  const numbers = new Map<string, number>()
  return heard.map((line) =>
    line.replace(/\d+$/, (id) => String(numbers.get(id) ?? (numbers.set(id, numbers.size + 1), numbers.size))),
  )
}

describe("trace", () => {
  it("costs nothing and says so while nobody listens", () => {
    expect(trace.isOn).toBe(false)
    expect(trace.region("a")).toBe(trace.region("b"))
    trace.log("nobody hears")
  })

  it("tells of regions with whoever entered them, across waits, and of what is logged", async () => {
    const heard = await heardOf(function* () {
      expect(trace.isOn).toBe(true)
      const worker = go.named("worker", function* () {
        using _outer = trace.region("outer")
        yield* sleep(1)
        {
          using _inner = trace.region("inner")
          trace.log("in it")
        }
      })
      yield* worker
    })
    expect(heard).toEqual([
      "worker enters outer 1",
      "worker enters inner 2",
      "worker: in it",
      "worker leaves inner 2",
      "worker leaves outer 1",
    ])
  })

  it("ends a region that outlives its listener, and does not tell a later one", async () => {
    const point = [
      ...(globalThis as { [key: symbol]: Set<AttachPoint> | undefined })[Symbol.for("@weft/core.attach")]!,
    ].at(-1)!
    await run(function* () {
      const stop = point.trace({ regionBegin: () => undefined })
      const region = trace.region("left open")
      stop()
      region[Symbol.dispose]()
      yield* sleep(1)
    })
  })
})
