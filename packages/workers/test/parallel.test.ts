import { chan } from "@weft/channels"
import { go, run, sleep, InvalidOption } from "@weft/core"
import { InvalidTask, parallel } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { add, even, failsAt, square, waitsAndNotes } from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)
const squares = (n: number) => numbers(n).map((i) => i * i)

const sources: ReadonlyArray<
  readonly [string, (n: number) => Parameters<typeof parallel.map<number, number, never>>[0]]
> = [
  ["an array", numbers],
  ["a typed array", (n) => Float64Array.from(numbers(n))],
  ["an iterable", (n) => new Set(numbers(n))],
  ["an array-like", (n) => Object.assign({ length: n }, numbers(n))],
  [
    "an async iterable",
    async function* (n) {
      for (const i of numbers(n)) yield await Promise.resolve(i)
    },
  ],
  [
    "a channel",
    (n) => {
      const values = chan<number>(4)
      go(function* () {
        for (const i of numbers(n)) yield* values.send(i)
        values.close()
      })
      return values
    },
  ],
]

describe("parallel", () => {
  it.each(sources)("maps, filters, folds and goes through %s as a loop here does", (_name, make) =>
    run(function* () {
      const n = 500
      expect(yield* parallel.map(make(n), square)).toEqual(squares(n))
      expect(yield* parallel.filter(make(n), even)).toEqual(numbers(n).filter((i) => i % 2 === 0))
      expect(yield* parallel.reduce(make(n), add, 0, (a, b) => a + b)).toBe((n * (n - 1)) / 2)
      expect(yield* parallel.forEach(make(n), square)).toBeUndefined()
    }),
  )

  it("does nothing with nothing", () =>
    run(function* () {
      expect(yield* parallel.map([], square)).toEqual([])
      expect(yield* parallel.filter(new Set<number>(), even)).toEqual([])
      expect(yield* parallel.reduce([], add, 7, (a, b) => a + b)).toBe(7)
    }))

  it("throws the first failure when what was under way has unwound, and starts no more", () =>
    run(function* () {
      const log = chan<string>(10_000)
      const mapping = go(function* () {
        yield* parallel.map(
          numbers(2000).map((n) => ({ n, log })),
          failsAt,
        )
      })
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "RangeError", message: "30" })
      let ended = 0
      for (let next = log.tryReceive(); next?.ok === true; next = log.tryReceive()) ended++
      expect(ended).toBeLessThan(2000)
    }))

  it("interrupts what is under way when it is interrupted", () =>
    run(function* () {
      const log = chan<string>(100)
      const mapping = go(function* () {
        yield* parallel.forEach([log, log, log, log], waitsAndNotes)
      })
      expect(yield* log.receive()).toBe("begun")
      mapping.interrupt()
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "GoroutineInterrupted" })
      const rest: Array<string> = []
      for (let next = log.tryReceive(); next?.ok === true; next = log.tryReceive()) rest.push(next.value)
      // One that was interrupted before it could say that it has begun has unwound, too.
      expect(rest.filter((word) => word === "unwound").length).toBeGreaterThan(
        rest.filter((word) => word === "begun").length,
      )
    }))

  it("takes no more from its source than threads have room for", () =>
    run(function* () {
      const log = chan<string>(100)
      let taken = 0
      function* endless() {
        for (;;) {
          taken++
          yield log
        }
      }
      const mapping = go(function* () {
        yield* parallel.forEach(endless(), waitsAndNotes, { concurrency: 3 })
      })
      for (let i = 0; i < 3; i++) yield* log.receive()
      yield* sleep(20)
      expect(taken).toBe(3)
      mapping.interrupt()
      yield* thrownBy(mapping)
    }))

  it("does nothing before it is committed, and refuses at the call what it can't go through", () => {
    let taken = 0
    function* items() {
      taken++
      yield 1
    }
    void parallel.map(items(), square)
    expect(taken).toBe(0)
    expect(() => parallel.map(5 as never, square)).toThrow(InvalidOption)
    expect(() => parallel.map([1], function* () {} as never)).toThrow(InvalidTask)
  })

  it.skipIf(typeof SharedArrayBuffer === "undefined")("shows threads the items of shared memory in place", () =>
    run(function* () {
      const shared = new Float64Array(new SharedArrayBuffer(8 * 1000)).fill(3)
      expect(yield* parallel.reduce(shared, add, 0, (a, b) => a + b)).toBe(3000)
    }),
  )
})
