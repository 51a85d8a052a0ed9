import { describe, expectTypeOf, it } from "vitest"
import type { Op } from "../../index.ts"
import { linearizable } from "./linearizable.ts"
import type { Model } from "./model.ts"
import type { Operation } from "./operation.ts"
import { recordHistory } from "./record-history.ts"

type Call = readonly ["write", number] | readonly ["read"]
declare const register: Model<number, Call, number | undefined>
declare const read: Op<number>
declare const write: Op<void>
declare const refused: Op<string>

describe("types", () => {
  it("infers calls and results from the model", () => {
    const verdict = linearizable(register, recordHistory<Call, number | undefined>())
    if (verdict.ok) expectTypeOf(verdict.order).toEqualTypeOf<ReadonlyArray<Operation<Call, number | undefined>>>()
    else expectTypeOf(verdict.window.starts[0]!.state).toEqualTypeOf<number>()
  })

  it("gives back what the op gives, a result or nothing", () => {
    const history = recordHistory<Call, number>()
    function* body() {
      expectTypeOf(yield* history.op(["read"], read)).toEqualTypeOf<number>()
      expectTypeOf(yield* history.op(["write", 1], write)).toEqualTypeOf<void>()
      // @ts-expect-error a string is no result of the object's
      yield* history.op(["read"], refused)
      // @ts-expect-error the object has no such call
      yield* history.op(["erase"], write)
    }
    expectTypeOf(history.call(["read"], () => 1)).toEqualTypeOf<number>()
    expectTypeOf(body).returns.toExtend<Generator<Op<unknown>, void, unknown>>()
  })

  it("refuses a history of another object", () => {
    // @ts-expect-error its calls are not the model's
    linearizable(register, recordHistory<"lock" | "unlock", undefined>())
  })
})
