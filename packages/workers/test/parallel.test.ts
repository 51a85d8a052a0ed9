import { chan } from "@weft/channels"
import { go, type Op, run, sleep, threadId, InvalidOption } from "@weft/core"
import { InvalidTask, NotCloneable, parallel, Pool } from "@weft/workers"
import { describe, expect, it } from "vitest"
import {
  add,
  echo,
  even,
  failsAlways,
  failsAt,
  failsAt30,
  forever,
  runsOn,
  square,
  waitsAndNotes,
} from "./tasks/basic.ts"
import { foldsToFunction, isKept, keepsFirst, returnsFunctionAt30, spawnsItself, waitsForEnd } from "./tasks/loops.ts"
import { thrownBy } from "./support/thrown-by.ts"

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)
const withAt30 = (item: object) => numbers(40).map((n) => (n === 30 ? item : { n }))
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

  it("fails once where many of its items do, and whoever catches that goes on", () =>
    run(function* () {
      for (let round = 0; round < 10; round++) {
        const mapping = go(function* () {
          yield* parallel.map(numbers(40), failsAlways)
        })
        expect(yield* thrownBy(mapping)).toMatchObject({ name: "RangeError" })
      }
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

  it("refuses at the call options that it does not have, and values that they can't have", () => {
    for (const options of [
      { concurrency: 0 },
      { concurrency: Number.NaN },
      { concurrency: 1.5 },
      { pool: {} },
      { threads: 2 },
    ])
      for (const start of [
        () => parallel.map([1], square, options as never),
        () => parallel.filter([1], even, options as never),
      ])
        expect(start).toThrow(InvalidOption)
  })

  it.each<[string, string, () => Op<unknown>]>([
    ["an item", "items[30].f is a function", () => parallel.map(withAt30({ f: () => 1 }), echo)],
    ["an item, to be filtered", "items[30].f is a function", () => parallel.filter(withAt30({ f: () => 1 }), isKept)],
    [
      "an item that only the host refuses",
      "items[30].by is an",
      () => parallel.forEach(withAt30({ by: [1].values() }), echo),
    ],
    [
      "a result",
      "its result for items[30].inner[0] is a function",
      () => parallel.map(numbers(40), returnsFunctionAt30),
    ],
    ["an initial value", "initial.f is a function", () => parallel.reduce([1], keepsFirst, { f: () => 1 }, (a) => a)],
    ["a folded item", "items[30].f is a", () => parallel.reduce(withAt30({ f: () => 1 }), keepsFirst, 0, (a) => a)],
    ["a piece's fold", "its result.inner[0] is a function", () => parallel.reduce([30], foldsToFunction, {}, (a) => a)],
  ])("says what can't go by the loop's own names, and whose task it was for: %s", (_what, where, loop) =>
    run(function* () {
      const looping = go(function* () {
        yield* loop()
      })
      const error = (yield* thrownBy(looping)) as NotCloneable
      expect(error).toBeInstanceOf(NotCloneable)
      const [path] = where.split(" is ")
      expect(error.fields.path).toBe(path)
      const message = `workers: task "${error.fields.task}": ${where}`
      expect([error.message, error.stack]).toEqual([expect.stringContaining(message), expect.stringContaining(message)])
      expect(["echo", "isKept", "returnsFunctionAt30", "keepsFirst", "foldsToFunction"]).toContain(error.fields.task)
    }),
  )

  it("leaves alone what the loop's task could not send to another call of it", () =>
    run(function* () {
      const looping = go(function* () {
        yield* parallel.map([0], spawnsItself)
      })
      expect(yield* thrownBy(looping)).toMatchObject({ name: "NotCloneable", fields: { path: "args[0].f" } })
    }))

  it("has as many pieces under way as is sound where all are wanted: Infinity", () =>
    run(function* () {
      const end = chan<void>()
      const begun = chan<number>(2000)
      let taken = 0
      function* endless() {
        for (; ; taken++) yield { begun, end }
      }
      const mapping = go(function* () {
        yield* parallel.forEach(endless(), waitsForEnd, { concurrency: Infinity })
      })
      for (let i = 0; i < 1000; i++) yield* begun.receive()
      expect(taken).toBe(999)
      mapping.interrupt()
      yield* thrownBy(mapping)
      expect(yield* parallel.map(numbers(100), square, { concurrency: Infinity })).toEqual(squares(100))
    }))

  it("runs on the threads of the pool that it is given, and waits for room in its queue", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 1 })
      const threads = yield* parallel.map(numbers(20), runsOn, { pool, concurrency: 8 })
      expect(new Set(threads).size).toBe(1)
      expect(threads).not.toContain(threadId())
      expect(pool.stats.completed).toBeGreaterThan(0)
      expect(yield* parallel.filter(numbers(9), even, { pool })).toEqual([0, 2, 4, 6, 8])
      yield* pool.drain()
      void pool.terminate()
    }))

  it.skipIf(typeof SharedArrayBuffer === "undefined")("shows threads the items of shared memory in place", () =>
    run(function* () {
      const shared = new Float64Array(new SharedArrayBuffer(8 * 1000)).fill(3)
      expect(yield* parallel.reduce(shared, add, 0, (a, b) => a + b)).toBe(3000)
    }),
  )
})

describe("the source of a parallel loop", () => {
  /** Numbers for ever, and how often it was left. */
  const endless = (isAsync: boolean) => {
    const counts = { left: 0, taken: 0 }
    function* items() {
      try {
        for (;;) yield counts.taken++
      } finally {
        counts.left++
      }
    }
    async function* asyncItems() {
      for (const item of items()) yield await Promise.resolve(item)
    }
    return { counts, items: isAsync ? asyncItems() : items() }
  }
  /** An async generator that was asked for one more comes to its end after that, and nobody waits for it. */
  function* isLeft(counts: { readonly left: number }) {
    while (counts.left === 0) yield* sleep(1)
  }
  const kinds = [
    ["an iterator", false],
    ["an async iterator", true],
  ] as const

  it.each(kinds)("that is %s is left once when a task fails", (_kind, isAsync) =>
    run(function* () {
      const { counts, items } = endless(isAsync)
      const mapping = go(function* () {
        yield* parallel.map(items, failsAt30)
      })
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "RangeError", message: "30" })
      yield* isLeft(counts)
      expect(counts.left).toBe(1)
    }),
  )

  it.each(kinds)("that is %s is left once when the loop is interrupted", (_kind, isAsync) =>
    run(function* () {
      const { counts, items } = endless(isAsync)
      const mapping = go(function* () {
        yield* parallel.map(items, forever, { concurrency: 2 })
      })
      while (counts.taken < 2) yield* sleep(1)
      mapping.interrupt()
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "GoroutineInterrupted" })
      yield* isLeft(counts)
      expect(counts).toEqual({ left: 1, taken: 2 })
    }),
  )

  it.each(kinds)("that is %s is not left when it has come to its end, or has thrown", (_kind, isAsync) =>
    run(function* () {
      let left = 0
      let n = 0
      const next = () => {
        if (n === 3) throw new RangeError("no third")
        return { done: n === 2, value: n++ }
      }
      const leave = () => {
        left++
        return { done: true, value: undefined }
      }
      const settled = <A>(f: () => A) => Promise.resolve().then(f)
      const made = isAsync
        ? { [Symbol.asyncIterator]: () => ({ next: () => settled(next), return: () => settled(leave) }) }
        : { [Symbol.iterator]: () => ({ next, return: leave }) }
      const items = made as unknown as Iterable<number>
      expect(yield* parallel.map(items, square)).toEqual([0, 1])
      const mapping = go(function* () {
        yield* parallel.map(items, square)
      })
      expect(yield* thrownBy(mapping)).toMatchObject({ message: "no third" })
      expect(left).toBe(0)
    }),
  )

  it("is left without waiting for an item that never comes", () =>
    run(function* () {
      let left = 0
      let asked = 0
      const items: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => asked++),
          return: () => new Promise(() => left++),
        }),
      }
      const mapping = go(function* () {
        yield* parallel.map(items, square)
      })
      while (asked === 0) yield* sleep(1)
      mapping.interrupt()
      expect(yield* thrownBy(mapping)).toMatchObject({ name: "GoroutineInterrupted" })
      expect(left).toBe(1)
    }))

  it("that is a channel stays open", () =>
    run(function* () {
      const items = chan<number>(40)
      for (const n of numbers(40)) yield* items.send(n)
      const mapping = go(function* () {
        yield* parallel.map(items, failsAt30)
      })
      expect(yield* thrownBy(mapping)).toMatchObject({ message: "30" })
      expect(items.closed).toBe(false)
    }))
})
