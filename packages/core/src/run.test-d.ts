import * as Context from "effect/Context"
import { describe, expectTypeOf, it } from "vitest"
import { run } from "./run.ts"

class Base extends Context.Service<Base, number>()("test/Base") {}

describe("run", () => {
  it("takes services that only a goroutine started by main needs", () => {
    const main = function* () {}
    expectTypeOf(run(main, { services: Context.make(Base, 1) })).toEqualTypeOf<Promise<void>>()
  })

  it("demands the services that main itself needs", () => {
    const main = function* () {
      return yield* Base
    }
    expectTypeOf(run(main, { services: Context.make(Base, 1) })).toEqualTypeOf<Promise<number>>()
    // @ts-expect-error they are missing
    void (() => run(main))
  })
})
