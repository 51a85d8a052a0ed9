/** The sources of those that are counted, WaitGroup and Barrier, under the interleavings of their atomic accesses. */
import { type Goroutine, gosched } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { allJoined, type At, joined, memory, stateOf, type Steps, stepping, threads } from "./support.node.ts"

interface Counted {
  wait(): unknown
  threadDied(thread: number): Steps
}

interface Groups {
  readonly SharedWaitGroup: At<Counted & { add(delta: number): Steps; done(): Steps }>
}
interface Barriers {
  readonly SharedBarrier: At<Counted, [parties: number]>
}
const { SharedWaitGroup } = stepping<Groups>("shared-wait-group")
const { SharedBarrier } = stepping<Barriers>("shared-barrier")

/** With so few bits of the round in STATE that they are the same again after 4. */
const { SharedWaitGroup: SmallGroup } = stepping<Groups>("shared-wait-group", { countBits: 30 })
const { SharedBarrier: SmallBarrier } = stepping<Barriers>("shared-barrier", { roundShift: 30 })

/** Two threads are done; waiters on both are released, at zero and not before. */
function* waitingForGroup(count: number, waiters: number): Steps {
  const buffer = memory(3)
  let left = count
  const all: Array<Goroutine> = []
  for (const { shared: group, thread } of threads(count, () => SharedWaitGroup.at(buffer, 0))) {
    if (thread.id === 1) yield* joined(thread.start("add", () => group.add(count)))
    const wait = function* (): Steps {
      yield* thread.commit(group.wait())
      expect(left).toBe(0)
    }
    if (thread.id > 1 && waiters === 0) all.push(thread.start("waiter", wait))
    all.push(
      thread.start("worker", function* () {
        left--
        yield* group.done()
      }),
    )
    for (let k = 0; k < waiters; k++) all.push(thread.start("waiter", wait))
  }
  yield* allJoined(all)
}

/** Two threads, each of which is done and then waits for both. */
function* waitingForEachOther(): Steps {
  const buffer = memory(3)
  let left = 2
  const both = threads(2, () => SharedWaitGroup.at(buffer, 0))
  yield* joined(both[0]!.thread.start("add", () => both[0]!.shared.add(2)))
  const all = both.map(({ shared: group, thread }) =>
    thread.start("worker", function* () {
      left--
      yield* group.done()
      yield* thread.commit(group.wait())
      expect(left).toBe(0)
    }),
  )
  yield* allJoined(all)
}

/** Round after round: one adds for the next as soon as it has been released, whoever else has run by then. */
function* reusing(rounds: number): Steps {
  const buffer = memory(3)
  const [one, two] = threads(2, () => SharedWaitGroup.at(buffer, 0))
  yield* joined(one!.thread.start("add", () => one!.shared.add(1)))
  yield* allJoined([
    one!.thread.start("worker", function* () {
      for (let round = 0; round < rounds; round++) {
        yield* one!.shared.done()
        if (round < rounds - 1) yield* one!.shared.add(1)
      }
    }),
    two!.thread.start("waiter", () => two!.thread.commit(two!.shared.wait())),
    one!.thread.start("waiter", () => one!.thread.commit(one!.shared.wait())),
  ])
}

/** Zero is reached so many times, while a waiter may or may not have looked; he is released all the same. */
function* reachingZeroAgain(rounds: number): Steps {
  const buffer = memory(3)
  const [one, two] = threads(2, () => SmallGroup.at(buffer, 0))
  yield* joined(one!.thread.start("add", () => one!.shared.add(1)))
  const waiting = two!.thread.start("waiter", () => two!.thread.commit(two!.shared.wait()))
  yield* waitIdle()
  one!.thread.start("worker", function* () {
    for (let round = 0; round < rounds; round++) {
      yield* one!.shared.done()
      yield* one!.shared.add(1)
    }
  })
  yield* joined(waiting)
}

/** One arrives, and may not look before so many rounds of two others have ended: he goes on, counted in his own alone. */
function* meetingAgain(rounds: number): Steps {
  const buffer = memory(4)
  const parties = threads(3, () => SmallBarrier.at(2, buffer, 0))
  const all: Array<Goroutine> = []
  for (const [i, { shared: barrier, thread }] of parties.entries()) {
    all.push(
      thread.start("party", function* () {
        for (let left = [1, rounds, rounds - 1][i]!; left > 0; left--) yield* thread.commit(barrier.wait())
      }),
    )
    yield* waitIdle()
  }
  yield* allJoined(all)
  expect(stateOf(buffer) & 0xffff).toBe(0)
}

/** As many threads as parties, for so many rounds: nobody is ahead by more than one, and each round has each place once. */
function* meeting(parties: number, rounds: number): Steps {
  const buffer = memory(4)
  const passed = new Array<number>(parties).fill(0)
  const places = Array.from({ length: rounds }, () => new Set<number>())
  const all = threads(parties, () => SharedBarrier.at(parties, buffer, 0)).map(({ shared: barrier, thread }, i) =>
    thread.start("party", function* () {
      for (const ofRound of places) {
        ofRound.add(yield* thread.commit<number>(barrier.wait()))
        passed[i]!++
        expect(Math.max(...passed) - Math.min(...passed)).toBeLessThanOrEqual(1)
      }
    }),
  )
  yield* allJoined(all)
  for (const ofRound of places) expect([...ofRound].toSorted()).toEqual(Array.from({ length: parties }, (_, i) => i))
  expect(stateOf(buffer) & 0xffff).toBe(0)
}

/**
 * One of three that meet two by two is interrupted at any moment: two go on, one of them as the last, or he is told too late that he was one of
 * them.
 */
function* arrivalWithdrawn(): Steps {
  const buffer = memory(4)
  const parties = threads(3, () => SharedBarrier.at(2, buffer, 0))
  let lasts = 0
  const all = parties.map(({ shared: barrier, thread }) =>
    thread.start("party", function* () {
      if ((yield* thread.commit<number>(barrier.wait())) === 1) lasts++
    }),
  )
  const [victim] = parties
  victim!.thread.interrupt(all[0]!)
  yield* waitIdle()
  const wentOn = all.filter(
    (goroutine, i) => goroutine.status === "done" && !parties[i]!.thread.wasInterrupted(goroutine),
  )
  const wasInterrupted = victim!.thread.wasInterrupted(all[0]!)
  const waiting = all.filter(({ status }) => status !== "done")
  expect(wentOn.length === 2 || (wentOn.length === 1 && wasInterrupted)).toBe(true)
  expect(lasts === 1 || (lasts === 0 && wasInterrupted)).toBe(true)
  expect(stateOf(buffer) & 0xffff).toBe(waiting.length)
  for (const goroutine of waiting) goroutine.interrupt()
}

/** The thread that releases another one is killed at any moment: once it is reported, that one goes on, unless it was not released. */
function* dying(what: "group" | "barrier"): Steps {
  const [groups, barriers] = [memory(3), memory(4)]
  const [mortal, survivor] = threads(2, () => ({
    group: SharedWaitGroup.at(groups, 0),
    barrier: SharedBarrier.at(2, barriers, 0),
  }))
  yield* joined(survivor!.thread.start("add", () => survivor!.shared.group.add(1)))
  const surviving = survivor!.thread.start("waits", () => survivor!.thread.commit(survivor!.shared[what].wait()))
  yield* waitIdle()
  mortal!.thread.start("mortal", () =>
    what === "group" ? mortal!.shared.group.done() : mortal!.thread.commit(mortal!.shared.barrier.wait()),
  )
  yield* gosched()
  mortal!.thread.kill()
  yield* joined(
    survivor!.thread.start("supervisor", () => {
      const { barrier, group } = survivor!.shared
      return what === "group" ? group.threadDied(1) : barrier.threadDied(1)
    }),
  )
  yield* waitIdle()
  const isReleased = what === "group" ? (stateOf(groups) & 0xfffff) === 0 : (stateOf(barriers) & 0xffff) === 0
  expect(surviving.status).toBe(isReleased ? "done" : "waiting")
  surviving.interrupt()
}

describe("a shared WaitGroup and a shared Barrier, access by access", () => {
  it.each([
    ["group: 2 threads, one waits", () => waitingForGroup(2, 0), 32424],
    ["group: 2 threads are done and wait", waitingForEachOther, 49068],
    ["barrier: 2 parties", () => meeting(2, 1), 59488],
  ] as const)("in all schedules: %s", { tags: "long" }, async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  it("in all schedules with at most 2 preemptions: barrier: 2 parties, 2 rounds", { tags: "long" }, async () => {
    expect(await explore.check({ preemptions: 2, shares: "ops" }, () => meeting(2, 2))).toMatchObject({
      schedules: 3636,
    })
  })

  const onePreemption = async (_: string, program: () => Steps) => {
    const options = { preemptions: 1, shares: "ops", leaks: "cancel" } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  }

  it.each([
    ["group: 2 threads, one waits", () => waitingForGroup(2, 0)],
    ["group: a thread dies", () => dying("group")],
    ["group: its bits of the round come round", () => reachingZeroAgain(4)],
    ["barrier: its bits of the round come round", () => meetingAgain(4)],
    ["barrier: a thread dies", () => dying("barrier")],
    ["barrier: 3 parties", () => meeting(3, 1)],
    ["barrier: 2 parties, 2 rounds", () => meeting(2, 2)],
  ] as const)("in all schedules with at most 1 preemption: %s", onePreemption)

  it.each([
    ["group: 2 rounds", () => reusing(2)],
    ["barrier: an arrival is withdrawn", arrivalWithdrawn],
  ] as const)("in all schedules with at most 1 preemption: %s", { tags: "long" }, onePreemption)

  it.each(byChance(1_000))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    for (const program of [() => waitingForGroup(3, 2), () => reusing(3), () => meeting(3, 3), arrivalWithdrawn])
      await explore.check(options, program)
    for (const what of ["group", "barrier"] as const)
      await explore.check({ ...options, leaks: "cancel" }, () => dying(what))
  })
})
