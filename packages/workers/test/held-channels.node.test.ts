/** A thread keeps a channel of its own while another one may have it, and no longer. */
import { type Channel, chan } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import { Pool } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { carryChannel } from "../src/channels/carry-channel.ts"
import { channelHere } from "../src/channels/home.ts"
import { collects, echo, receiveOne, relaysToNested, returnsOdd, sendsOdd, square, waiting } from "./tasks/basic.ts"
import { Elsewhere } from "./support/elsewhere.ts"
import { thrownBy } from "./support/thrown-by.ts"

/** Whether this thread keeps it, asked later on: its number stays. */
function watched<T>(channel: Channel<T>): () => boolean {
  const nobody = new Elsewhere()
  const { channel: number } = carryChannel(channel as Channel<unknown>, nobody.number)!
  nobody.ends()
  return () => channelHere(number) !== undefined
}

describe("a channel that went to another thread", () => {
  it("is kept until its task is over, and that thread has collected it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const begun = chan<string>()
      const isKept = watched(begun)
      const goroutine = pool.spawn(waiting, begun)
      expect(yield* begun.receive()).toBe("begun")
      expect(isKept()).toBe(true)
      goroutine.interrupt()
      expect(yield* begun.receive()).toBe("unwound")
      yield* thrownBy(goroutine)
      while (isKept()) yield* pool.spawn(collects)
      void pool.terminate()
    }))

  it.each([
    ["as a result", (pool: Pool, channel: Channel<unknown>) => pool.spawn(echo, channel)],
    ["as a nested task's", (pool: Pool, channel: Channel<unknown>) => pool.spawn(relaysToNested, channel)],
  ])("is not kept any more when it has come home %s", (_how, spawned) =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const channel = chan<unknown>()
      const isKept = watched(channel)
      expect(yield* spawned(pool, channel)).toBe(channel)
      while (isKept()) yield* pool.spawn(collects)
      void pool.terminate()
    }),
  )

  it("is not kept any more when it has come home over a channel", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const channel = chan<unknown>(1)
      const isKept = watched(channel)
      yield* channel.send(channel)
      expect(yield* pool.spawn(receiveOne, channel)).toEqual({ ok: true, value: channel })
      while (isKept()) yield* pool.spawn(collects)
      void pool.terminate()
    }))

  it("is not kept for a call that was withdrawn: before it was submitted, or in the queue", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const begun = chan<string>()
      const other = chan<unknown>()
      const isKept = watched(other)
      pool.spawn(receiveOne, other).interrupt()
      yield* gosched()
      expect(isKept()).toBe(false)
      const queued = pool.spawn(receiveOne, other)
      yield* gosched()
      expect([queued.waitReason, isKept()]).toEqual(["task queued", true])
      queued.interrupt()
      yield* thrownBy(queued)
      expect(isKept()).toBe(false)
      const running = pool.spawn(waiting, begun)
      yield* begun.receive()
      void pool.terminate()
      yield* thrownBy(running)
    }))

  it("is not kept for a call whose other arguments are refused", () => {
    const channel = chan<unknown>()
    const isKept = watched(channel)
    const pool = new Pool({ threads: 1 })
    expect(() => pool.spawn(echo, [channel, () => 1])).toThrow("a function")
    expect(isKept()).toBe(false)
  })

  it("is not kept for who was to receive it in what the host can't clone", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const odd = chan<unknown>()
      const other = chan<unknown>()
      const isKept = watched(other)
      const goroutine = pool.spawn(receiveOne, odd)
      yield* odd.send([other, new ReadableStream()])
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "NotCloneable" })
      expect(isKept()).toBe(false)
      void pool.terminate()
    }))

  it.each([
    ["as a result", (pool: Pool, channel: Channel<unknown>) => pool.spawn(returnsOdd, channel)],
    ["over a channel", (pool: Pool, channel: Channel<unknown>) => pool.spawn(sendsOdd, channel, chan<unknown>())],
  ])("is not kept for the thread where what the host can't clone did not come %s", (_how, spawned) =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const channel = chan<unknown>()
      const isKept = watched(channel)
      yield* thrownBy(spawned(pool, channel))
      while (isKept()) yield* pool.spawn(collects)
      void pool.terminate()
    }),
  )

  it("is not kept for a thread that has ended, however often that had it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const begun = chan<string>()
      const isKept = watched(begun)
      const running = go(thrownBy, pool.spawn(waiting, begun))
      yield* begun.receive()
      expect(yield* pool.spawn(echo, begun)).toBe(begun)
      yield* pool.spawn(square, 1)
      expect(isKept()).toBe(true)
      void pool.terminate()
      expect(yield* running).toMatchObject({ name: "WorkerCrashed" })
      expect(isKept()).toBe(false)
    }))

  it("is kept while one of two threads has it, whatever is heard first", () => {
    const channel = chan<unknown>()
    const isKept = watched(channel)
    const [first, second] = [new Elsewhere(), new Elsewhere()]
    const { channel: number } = carryChannel(channel, first.number)!
    // Given on by the first, and released by the second before the first has said so.
    second.releases(number)
    expect(isKept()).toBe(true)
    first.gives(number, second.number)
    first.releases(number)
    expect(isKept()).toBe(false)
    first.ends()
    second.ends()
  })
})
