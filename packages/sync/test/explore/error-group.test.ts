/** An ErrorGroup in every schedule. */
import { context, go, goexit, gosched, type WaitList } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { ErrorGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface Member {
  admit(): void
}
interface State {
  running: number
  readonly hasRoom: boolean
  readonly queue: Set<Member>
  readonly waiters: WaitList
  failure: object | undefined
  ended(member: Member): void
}
const stateOf = (group: ErrorGroup): State => group.wait().on as unknown as State

type Make = () => ErrorGroup

/** Its own invariants (error-group.ts) must hold from here on after every step. */
const sound: Make = () => {
  const group = new ErrorGroup()
  const state = stateOf(group)
  invariant(() => state.queue.size === 0 || !state.hasRoom, "nobody is queued while there is room")
  invariant(() => state.waiters.isEmpty || state.running + state.queue.size > 0, "nobody waits for nobody")
  invariant(() => state.failure === undefined || group.context.err !== undefined, "the first error ends the context")
  return group
}

/** Two members fail: the one that does first is what every wait says, and the context's cause. */
const failing = (make: Make) =>
  function* () {
    const group = make()
    const errors: Array<Error> = []
    for (const name of ["a", "b"])
      group.go(function* () {
        yield* gosched()
        const error = new Error(name)
        errors.push(error)
        throw error
      })
    const waiter = go(() => thrownBy(group.wait()))
    const error = yield* thrownBy(group.wait())
    expect(errors.length).toBe(2)
    expect([error, yield* waiter, group.context.cause]).toEqual([errors[0], errors[0], errors[0]])
    expect(error).toBe(errors[0])
    expectNothingLeft(stateOf(group))
  }

/** Three members with room for so many: never more at once, all of them, and those queued in the order of the calls. */
const limited = (make: Make, limit: number) =>
  function* () {
    const group = make()
    group.setLimit(limit)
    let running = 0
    const started: Array<number> = []
    for (const n of [0, 1, 2])
      group.go(function* () {
        started.push(n)
        expect(++running).toBeLessThanOrEqual(limit)
        yield* gosched()
        running--
      })
    yield* group.wait()
    if (limit === 1) expect(started).toEqual([0, 1, 2])
    else expect(started.toSorted()).toEqual([0, 1, 2])
    expectNothingLeft(stateOf(group))
  }

describe("an error group", () => {
  it("tells the first error to all who wait, once all have ended", async () => {
    const { schedules } = await explore.check({}, failing(sound))
    expect(schedules).toBe(786)
  })

  it.each([
    [1, 522],
    [2, 780],
  ])("starts every member in the end, never more than %i at once", async (limit, pinned) => {
    const { schedules } = await explore.check({}, limited(sound, limit))
    expect(schedules).toBe(pinned)
  })

  it("is left by a wait that is interrupted at whatever step, and ends for the other", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = sound()
      group.go(function* () {
        yield* gosched()
      })
      const waiters = [go(group.wait()), go(group.wait())]
      const interrupter = go(function* () {
        waiters[0]!.interrupt()
      })
      for (const each of [...waiters, interrupter]) yield* thrownBy(each.join())
      expect([waiters[1]!.wasInterrupted, group.context.err?.name]).toEqual([false, "ContextCanceled"])
      expectNothingLeft(stateOf(group))
    })
    expect(schedules).toBe(8359)
  })

  it("starts what somebody gave up waiting for the admission of, at whatever step", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = sound()
      group.setLimit(1)
      let ended = 0
      const member = function* () {
        yield* gosched()
        ended++
      }
      group.go(member)
      const admission = group.go(member)
      const pushing = go(admission)
      const interrupter = go(function* () {
        pushing.interrupt()
      })
      yield* group.wait()
      expect(ended).toBe(2)
      for (const each of [pushing, interrupter]) yield* thrownBy(each.join())
      expectNothingLeft(stateOf(group))
    })
    expect(schedules).toBe(12399)
  })

  it("counts out a member that ends itself, and gives its place to the next", async () => {
    const { schedules } = await explore.check({}, function* () {
      const group = sound()
      group.setLimit(1)
      group.go(function* () {
        yield* goexit()
      })
      let isDone = false
      group.go(function* () {
        isDone = true
      })
      yield* group.wait()
      expect(isDone).toBe(true)
      expectNothingLeft(stateOf(group))
    })
    expect(schedules).toBe(41)
  })

  it("tells the parent's cancellation or the error, whichever came first, as the cause", async () => {
    const causes = new Set<unknown>()
    const { schedules } = await explore.check({}, function* () {
      const [parent, cancel] = context.withCancel(context.background)
      const group = new ErrorGroup(parent)
      group.go(function* () {
        throw new Error("boom")
      })
      const cancelling = go(function* () {
        cancel("cancelled")
      })
      expect(yield* thrownBy(group.wait())).toMatchObject({ message: "boom" })
      causes.add(String(group.context.cause))
      yield* cancelling
    })
    expect(causes).toEqual(new Set(["Error: boom", "cancelled"]))
    expect(schedules).toBe(9)
  })

  it.each(byChance(1000))(
    "goes on with all of six members and three callers, in many schedules ($strategy)",
    { tags: "long" },
    async (options) => {
      await explore.check(options, function* () {
        const group = sound()
        group.setLimit(2)
        let ended = 0
        const callers = [0, 1, 2].map((n) =>
          go(function* () {
            for (let i = 0; i < 2; i++)
              yield* group.go(function* () {
                yield* gosched()
                ended++
                if (n === i) throw new Error(`${n}`)
              })
          }),
        )
        for (const caller of callers) yield* caller
        expect(yield* thrownBy(group.wait())).toBe(group.context.cause)
        expect(ended).toBe(6)
        expectNothingLeft(stateOf(group))
      })
    },
  )
})

const brokenBy =
  (plant: (state: State) => void): Make =>
  () => {
    const group = new ErrorGroup()
    plant(stateOf(group))
    return group
  }

/** Keeps the last error. */
const lastError = brokenBy((state) => {
  const { ended } = state
  state.ended = (member) => {
    state.failure = undefined
    ended.call(state, member)
  }
})

/** Does not count a member that ended in its place. */
const keepingPlaces = brokenBy((state) => {
  const { ended } = state
  state.ended = (member) => {
    state.running++
    ended.call(state, member)
  }
})

describe("explore finds an error group that", () => {
  it("tells another error than the first", async () => {
    expect(await planted(failing(lastError))).toMatchObject({ name: "AssertionError" })
  })

  it("gives no place free: a deadlock", async () => {
    expect(await planted(limited(keepingPlaces, 2))).toMatchObject({ name: "DeadlockError" })
  })
})
