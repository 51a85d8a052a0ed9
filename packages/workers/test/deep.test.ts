/** Values that are nested deep: what one thread can write another one may not be able to read. */
import { chan } from "@weft/channels"
import { joinAll, run } from "@weft/core"
import { Pool, spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, square } from "./tasks/basic.ts"
import { countsLevels, levelsOf, nested, returnsNested, sendsNested, throwsNested, wraps } from "./tasks/odd-values.ts"
import { thrownBy } from "./support/thrown-by.ts"

const most = 1000
const kinds = Object.keys(wraps)

describe("what is nested deep", () => {
  it.each(kinds)("goes up to 1,000 levels, there and back: %s", (kind) =>
    run(function* () {
      expect(yield* spawn(countsLevels, nested(kind, most, 1))).toBe(most)
      expect(levelsOf(yield* spawn(returnsNested, kind, most))).toBe(most)
      // What is made again there is put in its place by the program and not by the host.
      const channel = chan(1)
      const back = yield* spawn(echo, nested(kind, most - 1, channel))
      expect(levelsOf(back)).toBeGreaterThanOrEqual(most)
    }),
  )

  it.each(kinds.flatMap((kind) => [most + 2, 1700, 20_000].map((levels) => [kind, levels] as const)))(
    "is refused where it is sent: %s, %i levels",
    (kind, levels) =>
      run(function* () {
        expect(() => spawn(countsLevels, nested(kind, levels, 1))).toThrow(
          expect.objectContaining({ name: "NotCloneable", message: refusal("countsLevels") }),
        )
        const error = yield* thrownBy(spawn(returnsNested, kind, levels))
        expect(error).toMatchObject({ name: "NotCloneable", message: refusal("returnsNested") })
      }),
  )

  it("tells where it begins, and what to pass instead", () => {
    const value = { list: nested("objects", 5000, 1) }
    const message =
      'workers: task "countsLevels": args[0].list.inner.inner.inner… is nested more than 1,000 levels deep; pass a flat array, or JSON as a string'
    expect(() => spawn(countsLevels, value)).toThrow(message)
  })

  it("keeps no other result of the same message, and is left out of an error", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const deep = pool.spawn(returnsNested, "objects", 5000)
      const thrown = pool.spawn(throwsNested, 5000)
      const others = Array.from({ length: 10 }, (_, i) => pool.spawn(square, i))
      expect(yield* thrownBy(deep)).toMatchObject({ name: "NotCloneable" })
      const error = yield* thrownBy(thrown)
      expect(error).toMatchObject({ message: "deep", shallow: [1] })
      expect(error).not.toHaveProperty("deep")
      expect(yield* joinAll(others)).toEqual(others.map((_, i) => i * i))
      void pool.terminate()
    }))

  it("is refused by a channel, whichever side sends", () =>
    run(function* () {
      const channel = chan<unknown>()
      const error = yield* thrownBy(spawn(sendsNested, channel, 5000))
      expect(error).toMatchObject({ name: "NotCloneable", message: refusal() })
    }))
})

const refusal = (task?: string): unknown =>
  expect.stringMatching(
    new RegExp(
      `^workers: ${task === undefined ? "" : `task "${task}": `}.{1,60}… is nested more than 1,000 levels deep; pass a flat array`,
    ),
  )
