/** A semaphore in every schedule: whoever is cancelled at whatever step, no permit is lost, and none is given twice. */
import { select } from "@weft/channels"
import { go, type Goroutine, gosched, type Waiter, type WaitList } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { Semaphore } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface State {
  free: number
  readonly size: number
  readonly waiters: WaitList
  serve(): void
  take(wanted: number): boolean
}

/** What its ops wait on. */
const stateOf = (semaphore: Semaphore): State => semaphore.acquire().on as unknown as State

type Make = (size: number) => Semaphore

/** Its own invariants (semaphore.ts) must hold from here on after every step. */
const sound: Make = (size) => {
  const semaphore = new Semaphore(size)
  const state = stateOf(semaphore)
  invariant(() => state.free >= 0 && state.free <= state.size, "free is between none and all")
  invariant(() => {
    const front = state.waiters.head
    return front === null || (front.slot as number) > state.free
  }, "the front waiter wants more than is free")
  return semaphore
}

/** All permits are back, and nobody waits: for the end of a program in which everybody has released. */
function expectAllBack(semaphore: Semaphore): void {
  expect(semaphore.free).toBe(semaphore.size)
  expectNothingLeft(stateOf(semaphore))
}

/** So many goroutines, each with its weight: never more than the size is held at once. */
const holding = (make: Make, size: number, weights: ReadonlyArray<number>) =>
  function* () {
    const semaphore = make(size)
    let held = 0
    const holders = weights.map((weight) =>
      go(function* () {
        yield* semaphore.acquire(weight)
        held += weight
        expect(held).toBeLessThanOrEqual(size)
        yield* gosched()
        held -= weight
        semaphore.release(weight)
      }),
    )
    for (const holder of holders) yield* holder
    expectAllBack(semaphore)
  }

/** A large and a small one wait; one of them is interrupted at every step, and the other gets what it wants. */
const interrupting = (make: Make, victim: "large" | "small") =>
  function* () {
    const semaphore = make(2)
    yield* semaphore.acquire()
    const user = function* (weight: number) {
      yield* semaphore.acquire(weight)
      try {
        yield* gosched()
      } finally {
        semaphore.release(weight)
      }
    }
    const users = { large: go(user, 2), small: go(user, 1) }
    const interrupter = go(function* () {
      users[victim].interrupt()
    })
    yield* gosched()
    semaphore.release()
    for (const each of [users.large, users.small, interrupter]) yield* thrownBy(each.join())
    expect(users[victim === "large" ? "small" : "large"].wasInterrupted).toBe(false)
    expectAllBack(semaphore)
  }

/** While main holds on to one of two, the large one in front of a small one gives up: then there is enough for the small one. */
const leaving = (make: Make) =>
  function* () {
    const semaphore = make(2)
    yield* semaphore.acquire()
    const [large, small] = [go(semaphore.acquire(2)), go(semaphore.acquire())]
    const interrupter = go(function* () {
      large.interrupt()
    })
    yield* small
    semaphore.release(2)
    for (const each of [large, interrupter]) yield* thrownBy(each.join())
    if (!large.wasInterrupted) semaphore.release(2)
    expectAllBack(semaphore)
  }

/** What is released at once is enough for two. */
const releasingTwo = (make: Make) =>
  function* () {
    const semaphore = make(2)
    yield* semaphore.acquire(2)
    const users = [go(semaphore.acquire()), go(semaphore.acquire())]
    yield* gosched()
    semaphore.release(2)
    for (const user of users) yield* user
    semaphore.release(2)
    expectAllBack(semaphore)
  }

/** A select waits for permits and for the end of a goroutine: if it gives permits they are held, else they are not. */
const selecting = (make: Make) =>
  function* () {
    const semaphore = make(1)
    const quit = go(function* () {
      yield* gosched()
    })
    const users = [0, 1].map(() =>
      go(function* () {
        const hit = yield* select({ permit: semaphore.acquire(), quit: quit.join() })
        yield* gosched()
        if (hit.case === "permit") semaphore.release()
      }),
    )
    for (const each of [...users, quit]) yield* each
    expectAllBack(semaphore)
  }

/** The select's two cases stand in line one behind the other; while it leaves, the front one's place goes to its own other case. */
const selectingTwice = (make: Make) =>
  function* () {
    const semaphore = make(2)
    yield* semaphore.acquire()
    const front = go(semaphore.acquire(2))
    const quit = go(function* () {
      yield* gosched()
    })
    const user = go(function* () {
      const hit = yield* select({ large: semaphore.acquire(2), small: semaphore.acquire(), quit: quit.join() })
      if (hit.case !== "quit") semaphore.release(hit.case === "large" ? 2 : 1)
    })
    const interrupter = go(function* () {
      front.interrupt()
    })
    yield* gosched()
    semaphore.release()
    for (const each of [front, user, quit, interrupter]) yield* thrownBy(each.join())
    if (!front.wasInterrupted) semaphore.release(2)
    expectAllBack(semaphore)
  }

describe("a semaphore", () => {
  it("never has more held than its size, and all permits come back", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, holding(sound, 2, [1, 2, 1]))
    expect(schedules).toBe(162)
  })

  it("the same for two of one permit, sharing anything", async () => {
    const { schedules } = await explore.check({}, holding(sound, 1, [1, 1]))
    expect(schedules).toBe(88)
  })

  it.each([
    ["large", 571],
    ["small", 518],
  ] as const)("loses no permit to a waiter interrupted at whatever step: the %s one of two", async (victim, pinned) => {
    const { schedules } = await explore.check({ shares: "ops" }, interrupting(sound, victim))
    expect(schedules).toBe(pinned)
  })

  it("gives permits to the case of a select that is taken, and to no other", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, selecting(sound))
    expect(schedules).toBe(228)
  })

  it("gives none to a select that is over", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, selectingTwice(sound))
    expect(schedules).toBe(6075)
  })

  it("lets no try pass those who wait", async () => {
    const answers = new Set<string>()
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const semaphore = sound(2)
      yield* semaphore.acquire()
      const log: Array<string> = []
      const large = go(function* () {
        yield* semaphore.acquire(2)
        log.push("large")
      })
      const trying = go(function* () {
        const isLargeWaiting = !stateOf(semaphore).waiters.isEmpty
        const isTaken = semaphore.tryAcquire()
        log.push(isTaken ? "try" : "no try")
        if (isTaken) semaphore.release()
        expect(isTaken && isLargeWaiting).toBe(false)
      })
      yield* gosched()
      semaphore.release()
      yield* large
      yield* trying
      answers.add(log.join())
    })
    expect([...answers].sort()).toEqual(["large,no try", "no try,large", "try,large"])
    expect(schedules).toBe(16)
  })

  it("runs a body with its permits and takes them back, however the body is interrupted", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const semaphore = sound(1)
      const users = [0, 1].map(() =>
        go(function* () {
          yield* semaphore.withPermits(1, function* () {
            yield* gosched()
          })
        }),
      )
      const interrupter = go(function* () {
        users[0]!.interrupt()
      })
      for (const each of [...users, interrupter]) yield* thrownBy(each.join())
      expectAllBack(semaphore)
    })
    expect(schedules).toBe(181)
  })
})

const brokenBy =
  (plant: (state: State) => void): Make =>
  (size) => {
    const semaphore = new Semaphore(size)
    plant(stateOf(semaphore))
    return semaphore
  }

/** Serves the front waiter only, though there is enough for more. */
const servingOne = brokenBy((state) => {
  const { serve } = state
  state.serve = () => {
    const { head } = state.waiters
    const next = head?.next ?? null
    if (next !== null) state.waiters.remove(next)
    serve.call(state)
    if (next !== null) state.waiters.push(next)
  }
})

/** Lets small ones pass a large one. */
const barging = brokenBy((state) => {
  state.take = (wanted) => {
    if (wanted > state.free) return false
    state.free -= wanted
    return true
  }
})

/** Does not look who is next when a waiter leaves. */
const forgetting = brokenBy((state) => {
  const { serve } = state
  const { remove } = state.waiters
  state.waiters.remove = (waiter: Waiter) => {
    remove.call(state.waiters, waiter)
    state.serve = () => {
      state.serve = serve
    }
  }
})

/** Does not heed that a waiter refuses. */
const insisting = brokenBy((state) => {
  state.serve = () => {
    for (let front = state.waiters.head; front !== null; front = state.waiters.head) {
      const wanted = front.slot as number
      if (wanted > state.free) return
      state.free -= wanted
      state.waiters.shift()
      front.commit(undefined)
    }
  }
})

/** A small one that comes when a large one waits goes after it. */
const overtaking = (make: Make) =>
  function* () {
    const semaphore = make(2)
    yield* semaphore.acquire()
    const log: Array<string> = []
    const large = go(function* () {
      yield* semaphore.acquire(2)
      log.push("large")
      semaphore.release(2)
    })
    const small = go(function* () {
      const isLargeWaiting = !stateOf(semaphore).waiters.isEmpty
      yield* semaphore.acquire()
      if (isLargeWaiting) expect(log).toEqual(["large"])
      semaphore.release()
    })
    yield* gosched()
    semaphore.release()
    yield* large
    yield* small
  }

describe("explore finds a semaphore that", () => {
  it("serves one waiter only: a deadlock", async () => {
    expect(await planted(releasingTwo(servingOne), { shares: "ops" })).toMatchObject({ name: "DeadlockError" })
  })

  it("lets a small one pass a large one", async () => {
    expect(await planted(overtaking(barging), { shares: "ops" })).toMatchObject({ cause: { name: "AssertionError" } })
  })

  it("forgets those behind a waiter that leaves: a deadlock", async () => {
    expect(await planted(leaving(forgetting), { shares: "ops" })).toMatchObject({ name: "DeadlockError" })
  })

  it("gives permits to a select that is over", async () => {
    expect(await planted(selectingTwice(insisting), { shares: "ops" })).toMatchObject({ name: "AssertionError" })
  })

  it("and nothing in the sound one", async () => {
    for (const program of [releasingTwo(sound), overtaking(sound), leaving(sound)])
      expect(await explore.check({ shares: "ops" }, program)).toMatchObject({ complete: true })
  })
})

describe("a semaphore with many users, in many schedules", () => {
  it.each(byChance(2000))("loses no permit, whoever is interrupted ($strategy)", { tags: "long" }, async (options) => {
    await explore.check(options, function* () {
      const semaphore = sound(3)
      let held = 0
      const users: Array<Goroutine<void>> = [1, 3, 2, 1, 2].map((weight) =>
        go(function* () {
          for (let i = 0; i < 2; i++) {
            using _ = yield* semaphore.acquire(weight)
            held += weight
            try {
              expect(held).toBeLessThanOrEqual(3)
              yield* gosched()
            } finally {
              held -= weight
            }
          }
        }),
      )
      const interrupter = go(function* () {
        for (const i of [1, 3]) {
          yield* gosched()
          users[i]!.interrupt()
        }
      })
      for (const each of [...users, interrupter]) yield* thrownBy(each.join())
      expectAllBack(semaphore)
    })
  })
})
