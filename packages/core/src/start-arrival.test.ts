import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../test/support/thrown-by.ts"
import { failure, go, type Goroutine, isFailure, never, sleep, startArrival, type Yieldable } from "./index.ts"

class NotFound extends Error {}

function* fails(error: unknown) {
  yield* sleep(0)
  throw failure(error)
}

/** Until a failure would have been told that nobody is there for. */
function* ended(goroutine: Goroutine<unknown, unknown>) {
  while (goroutine.status !== "done") yield* sleep(1)
  for (let turn = 0; turn < 3; turn++) yield* sleep(1)
}

/** What an arrival returns or throws. */
const outcomeOf = (body: () => Generator<Yieldable, unknown, never>): Promise<unknown> =>
  startArrival("arrival", body, [])
    .join()
    .promise()
    .catch((thrown: unknown) => ({ thrown }))

describe("a goroutine that came from another thread", () => {
  it("joins late what it has started, and catches its typed failure", async () => {
    const error = new NotFound()
    const caught = await outcomeOf(function* () {
      const goroutine = go(fails, error)
      yield* ended(goroutine)
      return yield* thrownBy(goroutine.join())
    })
    expect(caught).toBe(error)
  })

  it("has this in what it has started itself, by an Effect too", async () => {
    const error = new NotFound()
    const caught = await outcomeOf(function* () {
      const joining = yield* Effect.sync(() =>
        go(function* () {
          const goroutine = go(fails, error)
          yield* ended(goroutine)
          return yield* thrownBy(goroutine.join())
        }),
      )
      return yield* joining
    })
    expect(caught).toBe(error)
  })

  it.each([
    ["an object", new NotFound()],
    ["a text", "not found"],
    ["nothing", undefined],
  ])("fails with the first failure that nobody has joined when it returns: %s", async (_what, error) => {
    const outcome = await outcomeOf(function* () {
      yield* go(function* () {
        go(fails, error)
        yield* ended(go(fails, "second"))
      })
      return "returned"
    })
    expect(outcome).toEqual({ thrown: error })
    expect(isFailure(error)).toBe(true)
  })

  it("throws what it throws, and ends as interrupted, whatever failed unjoined", async () => {
    const own = new RangeError("its own")
    const thrown = await outcomeOf(function* () {
      yield* ended(go(fails, "unjoined"))
      throw own
    })
    expect(thrown).toEqual({ thrown: own })

    let failed = (): void => undefined
    const hasFailed = new Promise<void>((resolve) => (failed = resolve))
    const waiting = startArrival(
      "arrival",
      function* () {
        yield* ended(go(fails, "unjoined"))
        failed()
        yield* never
      },
      [],
    )
    await hasFailed
    waiting.interrupt()
    await expect(waiting.join().promise()).rejects.toMatchObject({ name: "GoroutineInterrupted" })
  })
})
