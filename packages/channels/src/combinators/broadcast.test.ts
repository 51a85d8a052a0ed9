import { go, joinAll, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds, upTo } from "../../test/support/numbers.ts"
import { buffer, chan } from "../chan.ts"
import { broadcast } from "./broadcast.ts"
import { map } from "./map.ts"

describe("broadcast", () => {
  it("gives every value to every subscriber, in order, under any schedule", () =>
    underSeeds(function* () {
      const all = broadcast(numbers(20).from)
      const outs = [all.subscribe(), all.subscribe(3), all.subscribe()]
      const got = yield* joinAll(outs.map((out) => go(out.drain())))
      for (const values of got) expect(values).toEqual(upTo(20))
    }))

  it("is held back by the slowest, and each gets its value without waiting for the others", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(10)
      const all = broadcast(from)
      const [slow, fast] = [all.subscribe(), all.subscribe()]
      expect(yield* fast.receive()).toBe(0)
      yield* waitIdle()
      expect([taken(), fast.tryReceive()]).toEqual([1, undefined])
      expect(yield* slow.receive()).toBe(0)
      yield* waitIdle()
      expect(taken()).toBe(2)
    }))

  it("is not held back by a subscriber with a sliding buffer", () =>
    runVirtual(function* () {
      const all = broadcast(numbers(10).from)
      const latest = all.subscribe(buffer.sliding(1))
      expect(yield* all.subscribe().drain()).toEqual(upTo(10))
      expect(yield* latest.drain()).toEqual([9])
    }))

  it("keeps a value for the first subscriber, and gives a late one what comes then", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(5)
      const all = broadcast(from)
      yield* waitIdle()
      expect(taken()).toBe(1)
      const first = all.subscribe()
      expect([yield* first.receive(), yield* first.receive()]).toEqual([0, 1])
      yield* waitIdle()
      const late = all.subscribe()
      const got = yield* joinAll([go(first.drain()), go(late.drain())])
      expect(got).toEqual([
        [2, 3, 4],
        [3, 4],
      ])
    }))

  it("goes on without one that leaves, also while a value waits for it; without any it holds", () =>
    underSeeds(function* () {
      const { from, taken } = numbers(10)
      const all = broadcast(from)
      const [leaving, staying] = [all.subscribe(), all.subscribe()]
      expect(yield* staying.receive()).toBe(0)
      leaving.stop()
      expect(yield* staying.receive()).toBe(1)
      expect((yield* leaving.next()).ok).toBe(false)
      staying.stop()
      yield* waitIdle()
      const before = taken()
      yield* sleep(5)
      expect(taken()).toBe(before)
      const again = yield* all.subscribe().drain()
      expect(again).toEqual(upTo(10).slice(10 - again.length))
      expect(again.length).toBeGreaterThan(6)
    }))

  it("ends all when it is stopped, and who subscribes then", () =>
    runVirtual(function* () {
      const source = map(chan<number>(), (n) => n)
      const all = broadcast(source)
      const out = all.subscribe()
      yield* waitIdle()
      all.stop()
      expect((yield* out.next()).ok).toBe(false)
      yield* waitIdle()
      expect((yield* all.subscribe().next()).ok).toBe(false)
      expect(source.closed).toBe(true)
    }))
})
