import { go, gosched, Op, run, runExit } from "@weft/core"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import { map } from "../combinators/map.ts"
import { fromReadableStream, toReadableStream } from "./web-stream.ts"

/** 0 to n - 1 and then the end or a failure; counts pulls, keeps what it was cancelled with. */
function source(n: number, failure?: unknown) {
  const seen = { pulls: 0, cancelled: undefined as unknown, cancels: 0 }
  const stream = new ReadableStream<number>(
    {
      pull(controller) {
        if (seen.pulls < n) controller.enqueue(seen.pulls++)
        else if (failure === undefined) controller.close()
        else controller.error(failure)
      },
      cancel(reason) {
        seen.cancels++
        seen.cancelled = reason
      },
    },
    { highWaterMark: 0 },
  )
  return { seen, stream }
}

/** Long enough for promises and goroutines that have something to do. */
function* settle() {
  for (let i = 0; i < 20; i++) {
    yield* Op.fromPromise(() => Promise.resolve())
    yield* gosched()
  }
}

describe("fromReadableStream", () => {
  it("gives every chunk once, in order, under any schedule", () =>
    underSeeds(function* () {
      expect(yield* fromReadableStream(source(10).stream).drain()).toEqual(upTo(10))
    }))

  it("reads one chunk ahead, and as many more as there is room", () =>
    run(function* () {
      for (const capacity of [0, 3]) {
        const { seen, stream } = source(10)
        using chunks = fromReadableStream(stream, { capacity })
        yield* settle()
        expect(seen.pulls).toBe(1 + capacity)
        yield* chunks.receive()
        yield* settle()
        expect(seen.pulls).toBe(2 + capacity)
      }
    }))

  it("fails its receivers with the stream's error, after the last chunk", async () => {
    const exit = await runExit(function* () {
      const chunks = fromReadableStream(source(2, new Error("reset")).stream)
      expect([yield* chunks.receive(), yield* chunks.receive()]).toEqual([0, 1])
      yield* chunks.receive()
    })
    expect(exit).toEqual(Exit.fail(new Error("reset")))
  })

  it("cancels the stream when it is stopped: with a chunk in hand, while it reads, and before its first step", () =>
    run(function* () {
      for (const reach of ["hand", "read", "start"] as const) {
        const { seen, stream } = source(reach === "read" ? 0 : 10)
        const waiting = new ReadableStream<number>({
          cancel: () => {
            seen.cancels++
          },
        })
        const chunks = fromReadableStream(reach === "read" ? waiting : stream)
        if (reach !== "start") yield* settle()
        chunks.stop()
        yield* settle()
        expect([reach, seen.cancels, chunks.goroutine.status]).toEqual([reach, 1, "done"])
      }
    }))

  it("does not cancel one that has ended or failed", () =>
    run(function* () {
      const ended = source(1)
      const chunks = fromReadableStream(ended.stream)
      expect(yield* chunks.drain()).toEqual([0])
      chunks.stop()
      yield* settle()
      expect(ended.seen.cancels).toBe(0)
    }))

  it("refuses a stream that is locked", () => {
    const { stream } = source(1)
    stream.getReader()
    expect(() => fromReadableStream(stream)).toThrow(TypeError)
  })
})

describe("toReadableStream", () => {
  it("carries every value once, in order, and ends", () =>
    underSeeds(function* () {
      const stream = toReadableStream(numbers(10).from)
      expect(yield* fromReadableStream(stream).drain()).toEqual(upTo(10))
    }))

  it("receives a value when somebody reads, and not before", () =>
    run(function* () {
      const { from, taken } = numbers(10)
      const reader = toReadableStream(from).getReader()
      yield* settle()
      expect(taken()).toBe(0)
      expect((yield* Op.fromPromise(() => reader.read())).value).toBe(0)
      yield* settle()
      expect(taken()).toBe(1)
    }))

  it("errors with the failure of its receiver", () =>
    run(function* () {
      const reader = toReadableStream(fromReadableStream(source(1, new Error("reset")).stream)).getReader()
      expect(yield* Op.fromPromise(() => reader.read())).toEqual({ done: false, value: 0 })
      const error = yield* Op.fromPromise(() => reader.read().catch((error: unknown) => error))
      expect(error).toEqual(new Error("reset"))
    }))

  it("withdraws its receive when it is cancelled, and takes nothing further", () =>
    run(function* () {
      const ch = chan<number>()
      const reader = toReadableStream(ch).getReader()
      const reading = reader.read()
      yield* settle()
      yield* Op.fromPromise(() => reader.cancel("enough"))
      expect((yield* Op.fromPromise(() => reading)).done).toBe(true)
      expect(ch.trySend(1)).toBe(false)
      const sending = go(ch.send(2))
      expect(yield* ch.receive()).toBe(2)
      yield* sending
    }))

  it("stops a flow when it is cancelled, up to the source", () =>
    run(function* () {
      const { seen, stream } = source(10)
      const reader = toReadableStream(map(fromReadableStream(stream), (n) => n)).getReader()
      expect((yield* Op.fromPromise(() => reader.read())).value).toBe(0)
      yield* Op.fromPromise(() => reader.cancel())
      yield* settle()
      expect(seen.cancels).toBe(1)
    }))

  it("makes the body of a Response", () =>
    run(function* () {
      const bytes = map(numbers(3).from, (n) => new TextEncoder().encode(`${n};`))
      const body = toReadableStream(bytes)
      expect(yield* Op.fromPromise(() => new Response(body).text())).toBe("0;1;2;")
    }))
})
