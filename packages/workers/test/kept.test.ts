/** What structured clone keeps of a value, though Weft copies it, or makes something in it again. */
import { chan, type Channel } from "@weft/channels"
import { joinAll, run } from "@weft/core"
import { NotCloneable, Pool, spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, square } from "./tasks/basic.ts"
import { oddValues, partsOf, returnsOddValue, tellsParts } from "./tasks/odd-values.ts"

describe.each(Object.entries(oddValues))("%s", (kind, make) => {
  const parts = partsOf(make())

  it("is kept in a result that goes with others", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const all = Array.from({ length: 5 }, () => pool.spawn(returnsOddValue, kind))
      for (const back of yield* joinAll(all)) expect(partsOf(back)).toEqual(parts)
      void pool.terminate()
    }))

  it("is kept in an argument, and beside what is made again there and back", () =>
    run(function* () {
      expect(yield* spawn(tellsParts, make())).toEqual(parts)
      const [back] = (yield* spawn(echo, [make(), chan()])) as [unknown, unknown]
      expect(partsOf(back)).toEqual(parts)
    }))
})

describe("a field of an array's own", () => {
  it("may be a channel", () =>
    run(function* () {
      const channel = chan<number>(1)
      const back = (yield* spawn(echo, Object.assign([1], { channel }))) as { readonly channel: Channel<number> }
      expect(back.channel).toBe(channel)
    }))

  it("that can't go is refused by name", () => {
    expect(() => spawn(echo, Object.assign([1], { f: () => 1 }))).toThrow(NotCloneable)
    expect(() => spawn(echo, Object.assign([1], { f: () => 1 }))).toThrow("args[0].f is a function")
  })
})
