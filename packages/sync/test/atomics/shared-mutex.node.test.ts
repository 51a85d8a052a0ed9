/** The lock's own source under the interleavings of its atomic accesses. */
import { type Goroutine, gosched } from "@weft/core"
import { explore, shadow, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { Signal } from "../../../core/test/support/stepping.node.ts"
import {
  allJoined,
  type At,
  Claims,
  Holders,
  impatient,
  joined,
  memory,
  Reserved,
  stateOf,
  type Steps,
  stepping,
  threads,
} from "./support.node.ts"

interface SteppingMutex {
  lock(): unknown
  recover(): unknown
  tryLock(): Steps<boolean>
  unlock(): Steps
  threadDied(thread: number): Steps
}

interface SteppingGuard {
  [Symbol.dispose](): Steps
}

type Mutexes = At<SteppingMutex>

const { SharedMutex } = stepping<{ readonly SharedMutex: Mutexes }>("shared-mutex")
const { SharedMutex: Impatient } = stepping<{ readonly SharedMutex: Mutexes }>("shared-mutex", impatient)

const ownerOf = (buffer: SharedArrayBuffer): number => stateOf(buffer) & Holders

interface Counting {
  readonly threads: number
  readonly goroutines: number
  readonly times: number
  readonly of?: Mutexes
  readonly claims?: Claims
}

/** Threads of so many goroutines lock, count inside and unlock, so many times each. */
function* counting({ threads: count, goroutines, times, of = SharedMutex, claims }: Counting): Steps {
  const buffer = memory(3)
  claims?.watch(buffer)
  const inside = shadow(0)
  const all: Array<Goroutine> = []
  for (const { shared: mutex, thread } of threads(count, () => of.at(buffer, 0)))
    for (let k = 0; k < goroutines; k++)
      all.push(
        thread.start("locker", function* () {
          for (let i = 0; i < times; i++) {
            yield* thread.commit(mutex.lock())
            inside.value++
            yield* mutex.unlock()
          }
        }),
      )
  yield* allJoined(all)
  expect(inside.value).toBe(count * goroutines * times)
  expect(ownerOf(buffer)).toBe(0)
}

/** One thread holds it and unlocks; two others lock it, and the one who gets it keeps it. */
function* handingOn(): Steps {
  const buffer = memory(3)
  const [holder, ...others] = threads(3, () => SharedMutex.at(buffer, 0))
  yield* joined(holder!.thread.start("holder", () => holder!.thread.commit(holder!.shared.lock())))
  const held: Array<number> = []
  const lockers = others.map(({ shared: mutex, thread }) =>
    thread.start("locker", function* () {
      yield* thread.commit(mutex.lock())
      held.push(thread.id)
    }),
  )
  holder!.thread.start("unlocker", () => holder!.shared.unlock())
  yield* waitIdle()
  expect(held).toHaveLength(1)
  expect(ownerOf(buffer)).toBe(held[0])
  for (const locker of lockers) locker.interrupt()
}

/** A thread locks, another one unlocks what it has locked and locks itself; the first one's guard must not unlock that. */
function* unlockingForAnother(): Steps {
  const buffer = memory(3)
  const [one, two] = threads(2, () => SharedMutex.at(buffer, 0))
  let guard: SteppingGuard | undefined
  yield* joined(
    one!.thread.start("locks", function* () {
      guard = yield* one!.thread.commit<SteppingGuard>(one!.shared.lock())
    }),
  )
  yield* joined(two!.thread.start("unlocks", () => two!.shared.unlock()))
  yield* joined(one!.thread.start("locks", () => one!.thread.commit(one!.shared.lock())))
  yield* joined(one!.thread.start("disposes", () => guard![Symbol.dispose]()))
  expect(ownerOf(buffer)).toBe(1)
}

/** One of two threads is killed at any moment. The other one gets the lock, by `recover` if it has to. */
function* dying(of: Mutexes, times: number, claims?: Claims): Steps {
  const buffer = memory(3)
  claims?.watch(buffer)
  const [mortal, survivor] = threads(2, () => of.at(buffer, 0))
  let isHalfDone = false
  mortal!.thread.start("mortal", function* () {
    for (let i = 0; i < times; i++) {
      yield* mortal!.thread.commit(mortal!.shared.lock())
      isHalfDone = true
      yield* gosched()
      isHalfDone = false
      yield* mortal!.shared.unlock()
    }
  })
  const surviving = survivor!.thread.start("survivor", function* () {
    for (let i = 0; i < times; i++) {
      try {
        yield* survivor!.thread.commit(survivor!.shared.lock())
        expect(isHalfDone).toBe(false)
      } catch (error) {
        expect((error as Error).name).toBe("OwnerDied")
        expect(yield* survivor!.shared.tryLock()).toBe(false)
        yield* survivor!.thread.commit(survivor!.shared.recover())
        isHalfDone = false
      }
      yield* survivor!.shared.unlock()
    }
  })
  yield* untilReserved(buffer, claims)
  mortal!.thread.kill()
  const told = survivor!.thread.start("supervisor", () => survivor!.shared.threadDied(1))
  yield* allJoined([surviving, told])
  expect(ownerOf(buffer)).toBe(0)
}

/** One thread locks and unlocks, so many times; in another one goroutine does, and one that is interrupted at any moment. */
function* withdrawing(of: Mutexes, times: number, claims?: Claims): Steps {
  const buffer = memory(3)
  claims?.watch(buffer)
  const [one, two] = threads(2, () => of.at(buffer, 0))
  const holding = function* ({ shared: mutex, thread }: typeof one & {}, n: number): Steps {
    for (let i = 0; i < n; i++) {
      yield* thread.commit(mutex.lock())
      yield* mutex.unlock()
    }
  }
  const victim = two!.thread.start("victim", () => holding(two!, 1))
  const all = [
    one!.thread.start("locker", () => holding(one!, times)),
    two!.thread.start("locker", () => holding(two!, times - 1)),
  ]
  yield* untilReserved(buffer, claims)
  yield* allJoined([...all, two!.thread.interrupt(victim), victim])
  expect(ownerOf(buffer)).toBe(0)
}

/** At any moment; where claims are watched, best when there is one. */
function* untilReserved(buffer: SharedArrayBuffer, claims: Claims | undefined): Steps {
  yield* gosched()
  for (let i = 0; i < 30 && claims !== undefined && (stateOf(buffer) & Reserved) === 0; i++) yield* gosched()
}

/** A select on the lock twice, and on something that comes at any moment, beside a thread that locks and unlocks: exactly one is taken. */
function* selecting(): Steps {
  const buffer = memory(3)
  const [one, two] = threads(2, () => SharedMutex.at(buffer, 0))
  const late = new Signal()
  const outcomes: Array<number> = []
  const all = [
    one!.thread.start("selects", function* () {
      const { index } = yield* one!.thread.select(one!.shared.lock(), one!.shared.lock(), late.given)
      outcomes.push(index)
      if (index < 2) yield* one!.shared.unlock()
    }),
    one!.thread.start("ends", () => late.give()),
    two!.thread.start("locker", function* () {
      yield* two!.thread.commit(two!.shared.lock())
      yield* two!.shared.unlock()
    }),
  ]
  yield* allJoined(all)
  expect(outcomes).toHaveLength(1)
  expect(ownerOf(buffer)).toBe(0)
}

describe("a shared mutex, access by access", () => {
  it.each([
    ["2 threads lock and unlock", () => counting({ threads: 2, goroutines: 1, times: 1 }), 120],
    ["1 thread, 2 goroutines, twice", () => counting({ threads: 1, goroutines: 2, times: 2 }), 12],
  ] as const)("in all schedules: %s", async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  const fewPreemptions = async (_: string, preemptions: number, program: () => Steps) => {
    const options = { shares: "ops", preemptions, leaks: "cancel", schedules: 100_000 } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  }

  it.each([
    ["2 threads, twice", 2, () => counting({ threads: 2, goroutines: 1, times: 2 })],
    ["2 threads, twice, that claim at once", 2, () => counting({ threads: 2, goroutines: 1, times: 2, of: Impatient })],
    ["one unlocks, 2 lock", 2, handingOn],
    ["one unlocks what another holds", 2, unlockingForAnother],
    ["one of 2 threads dies, that claim at once", 1, () => dying(Impatient, 2)],
    ["one is withdrawn", 1, () => withdrawing(SharedMutex, 1)],
    ["a select", 2, selecting],
  ] as const)("in all schedules with few preemptions: %s: %d", fewPreemptions)

  it.each([
    ["3 threads", 2, () => counting({ threads: 3, goroutines: 1, times: 1 })],
    ["one of 2 threads dies", 2, () => dying(SharedMutex, 1)],
    ["one is withdrawn, and all claim at once", 1, () => withdrawing(Impatient, 2)],
  ] as const)("in all schedules with few preemptions: %s: %d", { tags: "long" }, fewPreemptions)

  it("wakes the next though a woken thread with nobody left found it taken by the short way", async () => {
    // 3 is woken, and locks and unlocks; the wake-up of that unlock finds 2 without waiters, while 3 has the lock again.
    const seed =
      "2:4 6:2 1:1 0:4 1:3 0:2 2:1 0:1 0:1 0:2 0:2 3:1 2:1 0:1 0:1 0:3 0:3 0:2 2:1 0:2 2:1 0:1 0:1 0:1 2:1 0:1 0:1 0:1 3:1 0:1 0:1"
    await explore.check({ replay: seed }, () => counting({ threads: 3, goroutines: 2, times: 2 }))
  })

  it.each([
    ["claims after 3 wake-ups in vain", { threads: 3, goroutines: 2, times: 4 }],
    ["claims at once", { threads: 3, goroutines: 2, times: 2, of: Impatient }],
  ] as const)(
    "gives it to the thread that has claimed it before all others, which: %s",
    { tags: "long" },
    async (_, of) => {
      const claims = new Claims()
      for (const options of byChance(1_000)) await explore.check(options, () => counting({ ...of, claims }))
      expect(claims.reserved).toBeGreaterThan(0)
      expect(claims.served).toBe(claims.reserved)
    },
  )

  it("leaves nothing reserved for who is withdrawn, or dies, when he has claimed it", { tags: "long" }, async () => {
    const [withdrawn, dead] = [new Claims(), new Claims()]
    for (const options of byChance(2_000)) {
      await explore.check(options, () => withdrawing(Impatient, 3, withdrawn))
      await explore.check({ ...options, leaks: "cancel" }, () => dying(Impatient, 3, dead))
    }
    for (const { reserved, served } of [withdrawn, dead]) {
      expect(reserved).toBeGreaterThan(0)
      expect(served).toBeLessThan(reserved)
    }
  })

  it.each(byChance(2_500))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    await explore.check(options, () => counting({ threads: 3, goroutines: 2, times: 2 }))
    await explore.check(options, selecting)
  })
})
