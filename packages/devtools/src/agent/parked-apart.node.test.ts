import { describe, expect, it } from "vitest"
import { Mailbox } from "../../../core/test/support/mailbox.ts"
import { type AttachPoint, go, goroutines, gosched, never, Op, run, sleep } from "@weft/core"
import { ParkedApart } from "./parked-apart.ts"

const gc = (globalThis as { gc?: () => void }).gc!
const turn = () => new Promise((resolve) => setImmediate(resolve))

function theRun() {
  const points = (globalThis as { [key: symbol]: Set<AttachPoint> | undefined })[Symbol.for("@weft/core.attach")]!
  const [run] = [...[...points].at(-1)!.processors].flatMap(({ runs }) => [...runs])
  return run!
}

/** As a leak check does it: lets go, ends the turn, collects, puts back. Answers who is gone. */
async function check(during: () => void = () => undefined): Promise<ReadonlyArray<number>> {
  const parked = new ParkedApart(theRun())
  during()
  await turn()
  await turn()
  gc()
  await turn()
  gc()
  return parked.putBack()
}

/** Apart: no frame of the test's may hold it. */
function forget(name: string): number {
  return go.named(name, function* () {
    yield* new Mailbox<number>().take
  }).id
}

const names = () => goroutines().map(({ name }) => name)

describe("a run whose parked goroutines are let go of", () => {
  it("keeps those that can be woken, in order, and loses the others", async () => {
    const kept = new Mailbox<number>()
    let gone: ReadonlyArray<number> = []
    let lost = 0
    await run(function* () {
      go.named("first", function* () {
        yield* kept.take
      })
      lost = forget("lost")
      go.named("last", function* () {
        yield* sleep(60_000)
      })
      yield* gosched()
      gone = yield* Op.fromPromise(() => check())
      expect(names()).toEqual(["main", "first", "last"])
      kept.put(1)
      yield* gosched()
      expect(names()).toEqual(["main", "last"])
    })
    expect(gone).toEqual([lost])
  })

  it("counts rightly those that end, and those that start, meanwhile", async () => {
    const box = new Mailbox<number>()
    let gone: ReadonlyArray<number> = [0]
    await run(function* () {
      go.named("ends", function* () {
        yield* box.take
      })
      yield* gosched()
      const checking = check(() => box.put(1))
      go.named("starts", function* () {
        yield* never
      })
      gone = yield* Op.fromPromise(() => checking)
      expect(names()).toEqual(["main", "starts"])
      expect(theRun().live).toBe(2)
    })
    expect(gone).toEqual([])
  })

  it("that ends meanwhile cancels them like all others", async () => {
    const kept = new Mailbox<number>()
    const order: Array<string> = []
    await run(function* () {
      go(function* () {
        try {
          yield* kept.take
        } finally {
          order.push("unwound")
        }
      })
      yield* gosched()
      expect(new ParkedApart(theRun()).size).toBe(1)
    })
    expect(order).toEqual(["unwound"])
  })

  it("is taken apart by one at a time", async () => {
    await run(function* () {
      go(function* () {
        yield* never
      })
      yield* gosched()
      const parked = new ParkedApart(theRun())
      expect(() => new ParkedApart(theRun())).toThrow("somebody else looks for leaks")
      expect(parked.putBack()).toEqual([])
      expect(new ParkedApart(theRun()).putBack()).toEqual([])
    })
  })
})
