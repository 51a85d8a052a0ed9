import { chan, type Channel } from "@weft/channels"
import { type Goroutine, Op } from "@weft/core"
import { parallel, Pool, spawn, spawnWith, task, transfer } from "@weft/workers"
import { describe, expectTypeOf, it } from "vitest"

class NotFound extends Error {
  readonly _tag = "NotFound"
}

const length = task(import.meta.url, "length", function* (text: string, times?: number) {
  return text.length * (times ?? 1)
})
const find = task(import.meta.url, "find", function* (id: number) {
  yield* Op.make<void, NotFound>({
    name: "find",
    poll: () => undefined,
    enqueue: () => undefined,
    dequeue: () => undefined,
  })
  return { id }
})
const fill = task(import.meta.url, "fill", function* (to: Channel<number>) {
  yield* to.send(1)
})

const isEven = task(import.meta.url, "isEven", function* (n: number) {
  return n % 2 === 0
})
const add = task(import.meta.url, "add", function* (sum: number, n: number) {
  return sum + n
})

describe("types of spawn", () => {
  it("go from the task to the goroutine", () => {
    expectTypeOf(spawn(length, "a")).toEqualTypeOf<Goroutine<number, never>>()
    expectTypeOf(spawn(find, 1)).toEqualTypeOf<Goroutine<{ id: number }, NotFound>>()
    expectTypeOf(spawnWith({ priority: 1 }, find, 1)).toEqualTypeOf<Goroutine<{ id: number }, NotFound>>()
    expectTypeOf(new Pool().spawn(length, "a", 2)).toEqualTypeOf<Goroutine<number, never>>()
    expectTypeOf(new Pool().admit(find, 1)).toEqualTypeOf<Op<Goroutine<{ id: number }, NotFound>>>()
    expectTypeOf(transfer(new Uint8Array(1))).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  })

  it("refuse arguments that the task does not take", () => {
    // @ts-expect-error a number is no string
    spawn(length, 1)
    // @ts-expect-error one is missing
    spawn(length)
    // @ts-expect-error one too many
    spawn(find, 1, 2)
    // @ts-expect-error a channel of strings
    spawn(fill, chan<string>())
    // @ts-expect-error not a task
    spawn(function* (n: number) {
      return n
    }, 1)
    // @ts-expect-error no such option
    spawnWith({ prioritty: 1 }, find, 1)
  })

  it("go from the items to the results", () => {
    expectTypeOf(parallel.map([1, 2], find)).toEqualTypeOf<Op<Array<{ id: number }>, NotFound>>()
    expectTypeOf(parallel.forEach(new Set([1]), find)).toEqualTypeOf<Op<void, NotFound>>()
    expectTypeOf(parallel.filter([1], isEven)).toEqualTypeOf<Op<Array<number>>>()
    expectTypeOf(parallel.reduce([1], add, 0, (a, b) => a + b)).toEqualTypeOf<Op<number>>()
    // @ts-expect-error items of another type
    parallel.map(["a"], find)
  })
})
