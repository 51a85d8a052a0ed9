import { go, gosched, InvalidBody, InvalidYield, Op, run } from "@weft/core"
import { Exit } from "effect"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { chan } from "./chan.ts"
import { ChannelClosed } from "./closed.ts"

function filled(...values: ReadonlyArray<number>) {
  const ch = chan<number>(values.length)
  for (const value of values) ch.trySend(value)
  ch.close()
  return ch
}

function* thrownIn<T>(range: Generator<Op<T>, void, unknown>) {
  try {
    yield* range
  } catch (error) {
    return error
  }
  return undefined
}

describe("take", () => {
  it("fails, with Effect's typed failure, once closed and drained", () =>
    run(function* () {
      const ch = filled(1)
      expect(yield* ch.take()).toBe(1)
      let failed: unknown
      try {
        yield* ch.take()
      } catch (error) {
        failed = error
      }
      expect(failed).toBeInstanceOf(ChannelClosed)
      expect((failed as Error).message).toBe("receive from closed channel; next() tells the end apart without failing")
    }))

  it("fails a goroutine that was waiting with a typed failure, not with a panic", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const taking = go(function* () {
        return yield* ch.take()
      })
      yield* waitIdle()
      ch.close()
      let failed: unknown
      try {
        yield* taking
      } catch (error) {
        failed = error
      }
      expect(failed).toBeInstanceOf(ChannelClosed)
      expect(taking.exit).toEqual(Exit.fail(failed))
    }))
})

describe("forEach", () => {
  it("gives every value in order and ends when closed and drained", () =>
    run(function* () {
      const got: Array<number> = []
      yield* filled(1, 2, 3).forEach((value) => void got.push(value))
      expect(got).toEqual([1, 2, 3])
    }))

  it("gives undefined as a value while the channel is open", () =>
    run(function* () {
      const ch = chan<undefined>(2)
      yield* ch.send(undefined)
      yield* ch.send(undefined)
      ch.close()
      let n = 0
      yield* ch.forEach(() => n++)
      expect(n).toBe(2)
    }))

  it("runs a generator function to its end before the next value", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const log: Array<string> = []
      go(function* () {
        for (const value of [1, 2]) {
          yield* ch.send(value)
          log.push(`sent ${value}`)
        }
        ch.close()
      })
      yield* ch.forEach(function* (value) {
        log.push(`begin ${value}`)
        yield* waitIdle()
        log.push(`end ${value}`)
      })
      expect(log.filter((line) => !line.startsWith("sent"))).toEqual(["begin 1", "end 1", "begin 2", "end 2"])
      expect(log.indexOf("sent 2")).toBeGreaterThan(log.indexOf("end 1"))
    }))

  it("passes on what its function throws and leaves the rest in the channel", () =>
    run(function* () {
      const ch = filled(1, 2, 3)
      const stop = new Error("stop")
      let thrown: unknown
      try {
        yield* ch.forEach((value) => {
          if (value === 2) throw stop
        })
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBe(stop)
      expect(yield* ch.drain()).toEqual([3])
    }))

  it("refuses an async function at its first value, which reaches it, and leaves the rest in the channel", () =>
    run(function* () {
      const ch = filled(1, 2, 3)
      const reached: Array<number> = []
      // eslint-disable-next-line @typescript-eslint/require-await -- what is refused is that it is async
      const error = yield* thrownIn(ch.forEach(async (value) => reached.push(value)))
      expect(error).toBeInstanceOf(InvalidBody)
      expect((error as Error).message).toBe(
        "weft: forEach can't start an AsyncFunction; write function* for async function and `yield* Op.fromPromise(() => ...)` for await",
      )
      expect(yield* Op.fromPromise((error as InvalidBody).fields.made as Promise<number>)).toBe(1)
      expect(reached).toEqual([1])
      expect(yield* ch.drain()).toEqual([2, 3])
    }))

  it("refuses an async function also where only a later call returns a promise", () =>
    run(function* () {
      const ch = filled(1, 2, 3)
      const error = yield* thrownIn(ch.forEach((value) => (value === 2 ? Promise.reject(new Error("no")) : undefined)))
      expect(error).toBeInstanceOf(InvalidBody)
      expect(yield* ch.drain()).toEqual([3])
    }))

  it("refuses a plain function that returns an op, which nobody would commit", () =>
    run(function* () {
      const [from, to] = [filled(1, 2), chan<number>(2)]
      const error = yield* thrownIn(from.forEach((value) => to.send(value)))
      expect((error as Error).message).toContain("it returns an op or Effect: use function* and `yield*`")
      expect(to.length).toBe(0)
    }))

  it("leaves iterators that its function returns alone", () =>
    run(function* () {
      const keys = new Map([[1, 2]]).keys()
      yield* filled(1).forEach(() => keys)
      expect([...keys]).toEqual([1])
    }))

  it("serves two ranges over one channel each value once", () =>
    run(function* () {
      const ch = chan<number>()
      const got: Array<number> = []
      const ranges = [1, 2].map(() =>
        go(function* () {
          yield* ch.forEach((value) => void got.push(value))
        }),
      )
      for (let i = 0; i < 100; i++) yield* ch.send(i)
      ch.close()
      for (const range of ranges) yield* range
      expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    }))

  it("refuses what is no function before it receives", () =>
    run(function* () {
      const ch = filled(1)
      expect(yield* thrownIn(ch.forEach(5 as never))).toEqual(new InvalidBody("forEach", 5, "pass a function"))
      expect(ch.length).toBe(1)
    }))
})

describe("drain", () => {
  it("collects until the close, also what comes later", () =>
    run(function* () {
      const ch = chan<number>(2)
      go(function* () {
        for (let i = 0; i < 10; i++) yield* ch.send(i)
        ch.close()
      })
      expect(yield* ch.drain()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }))

  it("is an op: it takes nothing until it is committed", () => {
    const ch = filled(1, 2)
    ch.drain()
    expect(ch.length).toBe(2)
  })
})

describe("for await", () => {
  it("gives every value and ends with the channel", async () => {
    const ch = chan<number>()
    go(function* () {
      for (let i = 0; i < 5; i++) yield* ch.send(i)
      ch.close()
    })
    const got: Array<number> = []
    for await (const value of ch) got.push(value)
    expect(got).toEqual([0, 1, 2, 3, 4])
  })

  it("takes nothing further when the loop is left", async () => {
    const ch = filled(1, 2, 3)
    for await (const value of ch) if (value === 1) break
    expect(ch.length).toBe(2)
  })
})

describe("op.promise on a channel", () => {
  it("takes nothing once its signal has aborted", async () => {
    const ch = chan<number>()
    const controller = new AbortController()
    const received = ch.receive().promise(controller.signal)
    controller.abort(new Error("enough"))
    await expect(received).rejects.toThrow("enough")
    expect(ch.receivers.isEmpty).toBe(true)
    expect(ch.trySend(1)).toBe(false)
  })

  it("keeps the value if the abort comes after the commit", async () => {
    const ch = chan<number>()
    const controller = new AbortController()
    const received = ch.receive().promise(controller.signal)
    expect(ch.trySend(1)).toBe(true)
    controller.abort()
    expect(await received).toBe(1)
  })

  it("does not even poll for a signal that has aborted already", async () => {
    const ch = filled(1)
    await expect(ch.receive().promise(AbortSignal.abort(new Error("before")))).rejects.toThrow("before")
    expect(ch.length).toBe(1)
  })

  it("rejects when the channel closes under a parked send", async () => {
    const ch = chan<number>()
    const sent = ch.send(1).promise()
    ch.close()
    await expect(sent).rejects.toThrow("send on closed channel")
  })
})

describe("a channel used wrongly", () => {
  it("says to write the star where an op is yielded without", async () => {
    const main = run(function* () {
      const ch = chan<number>(1)
      yield ch.send(1)
    })
    const error: unknown = await main.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(InvalidYield)
    expect((error as Error).message).toContain("write `yield* op`, with the star")
  })

  it("says so at the call when an op is iterated outside any goroutine, and leaves the channel alone", () => {
    const ch = chan<number>(1)
    expect(() => [...ch.send(1)]).toThrow("chan send outside any goroutine; start one with run(function* () { ... })")
    expect(() => [...ch.receive()]).toThrow("or write `await op.promise()` in async code")
    expect(ch.length).toBe(0)
  })

  it("says what to write where the channel itself is yielded", async () => {
    const main = run(function* () {
      const ch = chan<number>(1)
      yield* gosched()
      yield* ch as unknown as Op<number>
    })
    await expect(main).rejects.toThrow("yield* takes an op, a goroutine or an Effect")
  })
})

it("tells undefined as a value from the end, and both from a wait", () =>
  run(function* () {
    const ch = chan<undefined>(2)
    yield* ch.send(undefined)
    yield* ch.send(undefined)
    expect([yield* ch.next(), ch.tryReceive()]).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ])
    expect(ch.tryReceive()).toBeUndefined()
    ch.close()
    expect([yield* ch.next(), ch.tryReceive()]).toEqual([
      { ok: false, value: undefined },
      { ok: false, value: undefined },
    ])
  }))
