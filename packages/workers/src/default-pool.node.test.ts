/** In a process of its own: the default pool is configured once for a program. */
import { InvalidOption, run } from "@weft/core"
import { expect, it } from "vitest"
import { configureDefaultPool, DefaultPoolInUse, Pool, spawn, task } from "./index.ts"

const answer = task(import.meta.url, "answer", function* () {
  return process.env.ANSWER
})

it("is as it was said last before its first task, and can't be changed afterwards", async () => {
  expect(() => configureDefaultPool({ threads: 0 })).toThrow(InvalidOption)
  configureDefaultPool({ env: { ANSWER: "41" } })
  configureDefaultPool({ env: { ANSWER: "42" } })
  expect(
    await run(function* () {
      return yield* spawn(answer)
    }),
  ).toBe("42")
  expect(() => configureDefaultPool({})).toThrow(DefaultPoolInUse)
})

it("takes a worker's maker, and no limits or environment beside it", () => {
  const worker = () => ({ postMessage() {}, terminate() {} })
  expect(() => new Pool({ worker: worker() as never })).toThrow(InvalidOption)
  expect(() => new Pool({ worker, env: {} })).toThrow("it must be given to the worker that you supply")
  expect(() => new Pool({ worker, resourceLimits: {} })).toThrow("it must be given to the worker that you supply")
})
