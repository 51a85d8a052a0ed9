/** A RateLimiter in every schedule, in virtual time: never too many, nobody forgotten, no timer left. */
import { select } from "@weft/channels"
import { context, currentProcessor, go, gosched, sleep } from "@weft/core"
import { explore } from "@weft/core/testing"
import { RateLimiter } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

const [limit, burst] = [10, 2]
const now = () => currentProcessor().clock.now()

/** When events were let through: in any time at most the burst and what is gained meanwhile. */
class Passed {
  readonly times: Array<number> = []

  note(n = 1): void {
    for (let i = 0; i < n; i++) this.times.push(now())
    for (const [i, since] of this.times.entries())
      expect(this.times.length - i).toBeLessThanOrEqual(burst + ((now() - since) * limit) / 1000 + 1e-9)
  }
}

type Make = () => RateLimiter
const sound: Make = () => new RateLimiter(limit, burst)

/** Four wait; one of them is interrupted at every step. */
const interrupting = (make: Make, weights: ReadonlyArray<number>) =>
  function* () {
    const limiter = make()
    const passed = new Passed()
    const users = weights.map((n) =>
      go(function* () {
        yield* limiter.wait(n)
        passed.note(n)
      }),
    )
    const interrupter = go(function* () {
      yield* gosched()
      users[1]!.interrupt()
    })
    for (const each of [...users, interrupter]) yield* thrownBy(each.join())
    expect(users.filter(({ wasInterrupted }) => wasInterrupted).length).toBeLessThanOrEqual(1)
    expectNothingLeft()
    // A second fills it again, whatever was given back.
    yield* sleep(1000)
    expect(limiter.tokens).toBe(burst)
  }

describe("a rate limiter", () => {
  it.each([
    [[1, 2, 1], 400],
    [[2, 1, 2], 208],
  ])("lets nobody through too early, whoever is interrupted: %j", async (weights, pinned) => {
    const { schedules } = await explore.check({ shares: "ops" }, interrupting(sound, weights))
    expect(schedules).toBe(pinned)
  })

  it("gives back what a select did not take", async () => {
    const taken = new Set<string>()
    const { schedules } = await explore.check({ shares: "ops", clock: "races" }, function* () {
      const limiter = sound()
      yield* limiter.wait(2)
      const hit = yield* select({ passed: limiter.wait(2), late: sleep(150) })
      taken.add(hit.case)
      // At 150 ms: 1.5 gained; at 200 ms: both spent.
      expect(limiter.tokens).toBeGreaterThanOrEqual(hit.case === "late" ? 1.5 : 0)
      expectNothingLeft()
    })
    expect(taken).toEqual(new Set(["late"]))
    expect(schedules).toBe(2)
  })

  it("ends a wait by its time or by its context, and by one of the two", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({ shares: "ops", clock: "races" }, function* () {
      const limiter = sound()
      const [ctx, cancel] = context.withCancel(context.background)
      yield* limiter.wait(2)
      const waiting = go(function* () {
        const error = yield* thrownBy(limiter.wait(1, ctx))
        return { error, at: now() }
      })
      const cancelling = go(function* () {
        yield* sleep(90)
        // However late that is: the wait may be over.
        cancel()
      })
      const { at, error } = yield* waiting
      ends.add(error === undefined ? "passed" : (error as Error).name)
      expect(at).toBeGreaterThanOrEqual(error === undefined ? 100 : 90)
      yield* cancelling
      expectNothingLeft()
      yield* sleep(1000)
      expect(limiter.tokens).toBe(burst)
    })
    expect(ends).toEqual(new Set(["passed", "ContextCanceled"]))
    expect(schedules).toBe(277)
  })

  it.each(byChance(1000))("paces many users, some of whom give up ($strategy)", { tags: "long" }, async (options) => {
    await explore.check(options, function* () {
      const limiter = sound()
      const passed = new Passed()
      const users = [1, 2, 1, 2, 1].map((n, i) =>
        go(function* () {
          for (let k = 0; k < 2; k++) {
            yield* limiter.wait(n)
            passed.note(n)
            yield* sleep(30 * i)
          }
        }),
      )
      const interrupter = go(function* () {
        for (const i of [1, 3]) {
          yield* sleep(120)
          users[i]!.interrupt()
        }
      })
      for (const each of [...users, interrupter]) yield* thrownBy(each.join())
      expectNothingLeft()
    })
  })
})

/** Gives back all that was reserved, though others count on it. */
const generous: Make = () => {
  const limiter = sound()
  const bucket = limiter.wait().on as unknown as { restore(n: number, at: number, limit: number): void }
  const { restore } = bucket
  bucket.restore = (n, at) => {
    // At no limit nothing was gained since.
    restore.call(bucket, n, at, 0)
  }
  return limiter
}

describe("explore finds a rate limiter that", () => {
  it("gives back what others count on", async () => {
    expect(
      await planted(
        function* () {
          const limiter = generous()
          const passed = new Passed()
          const user = function* (n: number) {
            yield* limiter.wait(n)
            passed.note(n)
          }
          yield* user(2)
          const [first, second] = [go(user, 2), go(user, 2)]
          yield* sleep(1)
          first.interrupt()
          yield* go(user, 2)
          yield* second
          yield* thrownBy(first.join())
        },
        { shares: "ops" },
      ),
    ).toMatchObject({ message: expect.stringContaining("to be less than or equal to 2") as string })
  })
})
