/** The atomics whose operations take more than one access, under every interleaving of these: each operation is one step all the same. */
import { join } from "node:path"
import type { Goroutine } from "@weft/core"
import { explore, linearizable, type Model, recordHistory } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"
import * as invalidAmount from "../../src/invalid-amount.ts"
import { type At, memory, type Steps } from "./support.node.ts"

function stepping<T>(file: string): T {
  const path = join(import.meta.dirname, "../../src/atomics", `${file}.ts`)
  return loadStepping(path, { "../invalid-amount.ts": invalidAmount }) as T
}

interface SteppingAtomic<V> {
  load(): Steps<V>
  store(value: V): Steps
  swap(value: V): Steps<V>
  compareAndSwap(old: V, value: V): Steps<boolean>
  add(delta: V): Steps<V>
  and(mask: V): Steps<V>
  or(mask: V): Steps<V>
}

const { AtomicFloat64 } = stepping<{ readonly AtomicFloat64: At<SteppingAtomic<number>> }>("atomic-float64")
const { AtomicInt64 } = stepping<{ readonly AtomicInt64: At<SteppingAtomic<bigint>> }>("atomic-int64")
const { AtomicBool } = stepping<{ readonly AtomicBool: At<SteppingAtomic<boolean>> }>("atomic-bool")

type Call<V> =
  readonly ["load"] | readonly ["store" | "swap" | "add" | "and" | "or", V] | readonly ["compareAndSwap", V, V]

/** A cell that does one thing at a time. */
const float = (initial: number): Model<number, Call<number>, unknown> => ({
  initial: () => initial,
  step(value, call) {
    switch (call[0]) {
      case "load":
        return { state: value, result: value }
      case "store":
        return { state: call[1], result: undefined }
      case "swap":
        return { state: call[1], result: value }
      case "add":
        return { state: value + call[1], result: value + call[1] }
      case "compareAndSwap": {
        const result = Object.is(value, call[1])
        return { state: result ? call[2] : value, result }
      }
      default:
        throw new Error(`no ${call[0]}`)
    }
  },
})

const bool = (initial: boolean): Model<boolean, Call<boolean>, unknown> => ({
  initial: () => initial,
  step(value, call) {
    switch (call[0]) {
      case "load":
        return { state: value, result: value }
      case "store":
        return { state: call[1], result: undefined }
      case "swap":
        return { state: call[1], result: value }
      case "and":
        return { state: value && call[1], result: value }
      case "or":
        return { state: value || call[1], result: value }
      case "compareAndSwap":
        return { state: value === call[1] ? call[2] : value, result: value === call[1] }
      default:
        throw new Error(`no ${call[0]}`)
    }
  },
})

/** Each list of calls on a thread of its own, on the same word, which `prepare` has written before. */
const program = <V>(
  Class: At<SteppingAtomic<V>>,
  model: Model<V, Call<V>, unknown>,
  prepare: (buffer: SharedArrayBuffer) => void,
  calls: ReadonlyArray<ReadonlyArray<Call<V>>>,
) =>
  function* main(): Steps {
    const buffer = memory(2)
    prepare(buffer)
    const history = recordHistory<Call<V>, unknown>()
    const threads = calls.map((ofThread, i): Goroutine => {
      const atomic = Class.at(buffer, 0)
      return new Thread(i + 1).start("calls", function* () {
        for (const call of ofThread) {
          const [name, ...args] = call
          const operation = atomic[name] as (...args: ReadonlyArray<unknown>) => Steps<unknown>
          yield* history.op(call, operation.apply(atomic, args)) as Steps
        }
      })
    })
    for (const thread of threads) yield* thread as unknown as Steps
    linearizable.check(model, history)
  }

/** Of two threads all schedules; of more, those with at most two preemptions. */
const boundOf = (calls: ReadonlyArray<unknown>) => (calls.length > 2 ? { preemptions: 2 } : {})

// The calls of a thread on a line each.
// prettier-ignore
const onFloats: ReadonlyArray<readonly [string, number, ReadonlyArray<ReadonlyArray<Call<number>>>]> = [
  ["two that add twice", 0, [
    [["add", 1], ["add", 2]],
    [["add", 4], ["add", 8]],
  ]],
  ["three that add", 0, [
    [["add", 1]],
    [["add", 2]],
    [["add", 4]],
  ]],
  ["an add against stores that bring the old value back", 0, [
    [["add", 1], ["load"]],
    [["store", 5], ["store", 0]],
  ]],
  ["compare-and-swaps that want the same", 0, [
    [["compareAndSwap", 0, 1], ["load"]],
    [["compareAndSwap", 0, 2], ["add", 1]],
  ]],
  ["a compare-and-swap against an add and a swap", 0, [
    [["compareAndSwap", 0, 1]],
    [["add", 1]],
    [["swap", 0]],
  ]],
  ["compare-and-swaps of NaN and -0", NaN, [
    [["compareAndSwap", NaN, -0], ["compareAndSwap", 0, 1]],
    [["compareAndSwap", -0, NaN], ["load"]],
  ]],
]

// prettier-ignore
const onBooleans: ReadonlyArray<readonly [string, ReadonlyArray<ReadonlyArray<Call<boolean>>>]> = [
  ["compare-and-swaps that want the same", [
    [["compareAndSwap", true, false], ["load"]],
    [["compareAndSwap", true, false], ["or", true]],
  ]],
  ["a compare-and-swap against stores", [
    [["compareAndSwap", true, false], ["load"]],
    [["store", true], ["swap", false]],
  ]],
  ["a compare-and-swap against and, and or", [
    [["compareAndSwap", true, false]],
    [["and", false]],
    [["or", true]],
  ]],
]

/** On two threads: a compare-and-swap of NaN, and a NaN of other bits in its place. */
function* otherBits(): Steps {
  const buffer = memory(2)
  const words = new BigInt64Array(buffer)
  words[0] = 0x7ff8_0000_0000_0000n
  const outcome: { swapped?: boolean } = {}
  const swapping = new Thread(1).start("swap", function* () {
    outcome.swapped = yield* AtomicFloat64.at(buffer, 0).compareAndSwap(NaN, 1)
  })
  const writing = new Thread(2).start("write", function* () {
    yield* AtomicInt64.at(buffer, 0).compareAndSwap(words[0]!, -1n)
  })
  for (const thread of [swapping, writing]) yield* thread as unknown as Steps
  expect(outcome.swapped).toBe(true)
}

describe("atomics, access by access", () => {
  it("find NaN where there is NaN, though its bits change meanwhile", async () => {
    const { complete } = await explore.check({}, otherBits)
    expect(complete).toBe(true)
  })

  it.each(onFloats)("do each operation on a double in one step: %s", async (_, initial, calls) => {
    const prepare = (buffer: SharedArrayBuffer) => {
      new Float64Array(buffer)[0] = initial
    }
    await explore.check(boundOf(calls), program(AtomicFloat64, float(initial), prepare, calls))
  })

  it.each(onBooleans)("do each operation on a boolean in one step: %s", async (_, calls) => {
    // Whatever a true was written as.
    for (const word of [1, 4]) {
      const prepare = (buffer: SharedArrayBuffer) => {
        new Int32Array(buffer)[0] = word
      }
      await explore.check(boundOf(calls), program(AtomicBool, bool(true), prepare, calls))
    }
  })
})
