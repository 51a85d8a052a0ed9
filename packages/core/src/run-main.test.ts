import { Cause, Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { DeadlockError, go, GoroutinePanic, never, runExit, sleep } from "./index.ts"

describe("runExit", () => {
  it("keeps result, typed failure, panic and interruption apart", async () => {
    expect(await runExit(Effect.succeed(1))).toEqual(Exit.succeed(1))
    expect(await runExit(Effect.fail("typed"))).toEqual(Exit.fail("typed"))
    const boom = new Error("boom")
    const thrown = runExit(function* () {
      throw boom
    })
    expect(await thrown).toEqual(Exit.die(boom))
    const aborted = await runExit(never, { signal: AbortSignal.abort() })
    expect(Exit.isFailure(aborted) && Cause.hasInterruptsOnly(aborted.cause)).toBe(true)
  })

  it("dies of another goroutine's panic and of a deadlock, and fails with an unjoined failure", async () => {
    const died = async (exit: Promise<Exit.Exit<unknown, unknown>>) =>
      Cause.squash(((await exit) as Exit.Failure<unknown, unknown>).cause)
    const panicked = runExit(function* () {
      go(function* () {
        throw new Error("x")
      })
      yield* never
    })
    expect(await died(panicked)).toBeInstanceOf(GoroutinePanic)
    expect(await died(runExit(never, { deadlock: "fail" }))).toBeInstanceOf(DeadlockError)
    const unjoined = runExit(function* () {
      go(Effect.fail("typed"))
      yield* sleep(1)
    })
    expect(await unjoined).toEqual(Exit.fail("typed"))
  })
})
