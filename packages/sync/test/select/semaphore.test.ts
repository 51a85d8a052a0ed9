import { chan, select } from "@weft/channels"
import { go, gosched, never, Op, run, sleep } from "@weft/core"
import { Semaphore } from "@weft/sync"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

describe("a semaphore in a select", () => {
  it("has given nothing to a case that loses", () =>
    runVirtual(function* () {
      const semaphore = new Semaphore(1)
      expect((yield* select({ permit: semaphore.acquire(), never })).case).toBe("permit")
      expect((yield* select({ permit: semaphore.acquire(), late: sleep(5) })).case).toBe("late")
      semaphore.release()
      expect((yield* select.ordered({ now: gosched(), permit: semaphore.acquire() })).case).toBe("now")
      expect(semaphore.free).toBe(1)
    }))

  for (const kind of ["plain", "nested"]) {
    underSchedules(
      `gives none of its permits to another case of its own (${kind})`,
      function* () {
        const semaphore = new Semaphore(3)
        yield* semaphore.acquire(1)
        // In front, so that both of the cases below have to wait.
        const front = go(semaphore.acquire(3))
        yield* waitIdle()
        const quit = chan<void>()
        const selecting = go(function* () {
          const small = semaphore.acquire(1)
          const cases = { quit: quit.receive(), large: semaphore.acquire(3) }
          const all = kind === "plain" ? select({ ...cases, small }) : select({ ...cases, inner: select({ small }) })
          return (yield* all).case
        })
        yield* waitIdle()
        const behind = go(semaphore.acquire(2))
        yield* waitIdle()
        front.interrupt()
        yield* waitIdle()
        quit.trySend()
        // Its small case was served where it came before the large one; otherwise it holds nothing.
        const isServed = (yield* selecting) !== "quit"
        yield* waitIdle()
        expect([behind.status, semaphore.free]).toEqual(isServed ? ["waiting", 1] : ["done", 0])
      },
      { time: "virtual" },
    )
  }

  it("keeps the value that it took when a fiber that goes on interrupts its goroutine", () =>
    run(
      function* () {
        const semaphore = new Semaphore(2)
        yield* semaphore.acquire(1)
        const messages = chan<string>()
        const taken: Array<string | undefined> = []
        const selecting = go(function* () {
          const hit = yield* select({ permits: semaphore.acquire(2), message: messages.receive() })
          if (hit.case === "message") taken.push(hit.value)
          yield* never
        })
        while (selecting.status !== "waiting") yield* gosched()
        const fiber = go(Effect.map(semaphore.acquire(1), () => selecting.interrupt()))
        while (fiber.status !== "waiting") yield* gosched()
        yield* messages.send("kept")
        yield* fiber
        yield* thrownBy(selecting.join())
        expect([taken, selecting.wasInterrupted]).toEqual([["kept"], true])
      },
      { deadlock: "fail" },
    ))

  it("sees what the code of a case beside it releases", () =>
    run(
      function* () {
        const semaphore = new Semaphore(1)
        yield* semaphore.acquire()
        const releasing = Op.fromEffect(
          Effect.andThen(
            Effect.sync(() => semaphore.release()),
            Effect.never,
          ),
        )
        expect((yield* select.ordered({ releasing, permit: semaphore.acquire() })).case).toBe("permit")
        expect((yield* select.ordered({ permit: semaphore.acquire(), releasing })).case).toBe("permit")
      },
      { deadlock: "fail" },
    ))
})
