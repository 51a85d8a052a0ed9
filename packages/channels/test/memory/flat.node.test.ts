/**
 * The heap does not grow with the number of operations: as large after ten million as after the first million.
 *
 * @module-tag long
 * @module-tag each-node
 */
import { after, buffer, chan, select, Timer, trySelect } from "@weft/channels"
import { go, gosched, type Op, run, type Yieldable } from "@weft/core"
import { describe, expect, it } from "vitest"

const collect = (globalThis as unknown as { gc: () => void }).gc

function heap(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** What the host allocates once, compiled code above all. An object left behind by each operation is many times that. */
const slack = 1_500_000

/** Runs `work` for a first tenth of `n` operations and then for the rest, and compares the heap. */
function* staysFlat<Y extends Yieldable>(n: number, work: (from: number, to: number) => Generator<Y, void, unknown>) {
  yield* work(0, n / 10)
  const early = heap()
  yield* work(n / 10, n)
  expect(heap() - early).toBeLessThan(slack)
}

describe("memory", () => {
  it("stays flat over ten million buffered operations", () =>
    run(function* () {
      const ch = chan<number>(128)
      yield* staysFlat(5_000_000, function* (from, to) {
        for (let i = from; i < to; i++) {
          yield* ch.send(i)
          yield* ch.receive()
        }
      })
    }))

  it("stays flat over two million unbuffered operations between two goroutines", () =>
    run(function* () {
      const ch = chan<number>()
      yield* staysFlat(1_000_000, function* (from, to) {
        const sender = go(function* () {
          for (let i = from; i < to; i++) yield* ch.send(i)
        })
        for (let i = from; i < to; i++) yield* ch.receive()
        yield* sender
      })
    }))

  it("stays flat over a million values through a burst of each kind of buffer", () =>
    run(function* () {
      const kinds = [
        chan<number>(buffer.unbounded()),
        chan<number>(buffer.sliding(8)),
        chan<number>(buffer.dropping(8)),
      ]
      yield* staysFlat(1_000_000, function* (from, to) {
        for (let i = from; i < to; i += 10_000) {
          for (const ch of kinds) {
            for (let j = 0; j < 10_000; j++) yield* ch.send(j)
            while (ch.tryReceive() !== undefined);
          }
        }
      })
    }))

  it("stays flat over 100,000 goroutines interrupted while they wait", () =>
    run(function* () {
      const idle = chan<number>()
      yield* staysFlat(100_000, function* (from, to) {
        for (let i = from; i < to; i++) {
          const waiting = go(function* () {
            yield* idle.receive()
          })
          yield* gosched()
          waiting.interrupt()
        }
        yield* gosched()
      })
      expect(idle.receivers.isEmpty).toBe(true)
    }))

  it("stays flat over 300,000 timers, stopped, fired or forgotten", () =>
    run(function* () {
      yield* staysFlat(300_000, function* (from, to) {
        for (let i = from; i < to; i++) {
          const timer = new Timer("1 hour")
          if (i % 2 === 0) timer.stop()
          const call = new Timer("1 hour", () => undefined)
          call.stop()
          trySelect({ timeout: after("1 minute").receive() })
          if (i % 1000 === 0) yield* gosched()
        }
      })
    }))
})

describe("memory", () => {
  it("stays flat over 100,000 aborted promises of one channel", async () => {
    const idle = chan<number>()
    const abortThem = async (n: number) => {
      for (let i = 0; i < n; i++) {
        const abort = new AbortController()
        const received = idle.receive().promise(abort.signal)
        abort.abort()
        await received.catch(() => undefined)
      }
    }
    await abortThem(10_000)
    const early = heap()
    await abortThem(100_000)
    expect(heap() - early).toBeLessThan(slack)
    expect(idle.receivers.isEmpty).toBe(true)
  })
})

describe("test/chan", () => {
  it("select2: 100,000 selects with an idle case leave the heap flat", () =>
    run(function* () {
      const [idle, data] = [chan<number>(), chan<number>()]
      yield* staysFlat(200_000, function* (from, to): Generator<Op<unknown>, void, unknown> {
        const sender = go(function* () {
          for (let i = from; i < to; i++) yield* select({ out: data.send(i), idle: idle.receive() })
        })
        for (let i = from; i < to; i++) yield* select({ in: data.receive(), idle: idle.receive() })
        yield* sender.join()
      })
      expect(idle.receivers.isEmpty).toBe(true)
    }))
})
