/** The readers-writer lock's own source under the interleavings of its atomic accesses. */
import { gosched } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
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
  stateOf,
  type Steps,
  stepping,
  threads,
} from "./support.node.ts"

type Locks = At<{
  lock(): unknown
  rlock(): unknown
  recover(): unknown
  tryRLock(): Steps<boolean>
  unlock(): Steps
  runlock(): Steps
  threadDied(thread: number): Steps
}>

const { SharedRWMutex } = stepping<{ readonly SharedRWMutex: Locks }>("shared-rw-mutex")
const { SharedRWMutex: Impatient } = stepping<{ readonly SharedRWMutex: Locks }>("shared-rw-mutex", impatient)

const Writing = 1 << 27

type Role = "r" | "w"

interface Sharing {
  /** Of each thread, what each of its goroutines does. */
  readonly roles: ReadonlyArray<ReadonlyArray<Role>>
  readonly times?: number
  readonly of?: Locks
  readonly claims?: Claims
}

/** Threads read and write; a writer is alone, readers see no writer. */
function* sharing({ roles, times = 1, of = SharedRWMutex, claims }: Sharing): Steps {
  const buffer = memory(3)
  claims?.watch(buffer)
  const inside: Record<Role, number> = { r: 0, w: 0 }
  const all = threads(roles.length, () => of.at(buffer, 0)).flatMap(({ shared: rw, thread }, i) =>
    roles[i]!.map((role) =>
      thread.start(role, function* () {
        for (let k = 0; k < times; k++) {
          yield* thread.commit(role === "r" ? rw.rlock() : rw.lock())
          inside[role]++
          expect(inside.w).toBeLessThanOrEqual(inside.r === 0 ? 1 : 0)
          yield* gosched()
          inside[role]--
          yield* role === "r" ? rw.runlock() : rw.unlock()
        }
      }),
    ),
  )
  yield* allJoined(all)
  expect(stateOf(buffer) & (Writing | Holders)).toBe(0)
}

/** A writer waits behind a reader, a reader behind the writer; the writer is interrupted at any moment. */
function* writerWithdrawn(of: Locks): Steps {
  const buffer = memory(3)
  const [holder, writer, reader] = threads(3, () => of.at(buffer, 0))
  yield* joined(holder!.thread.start("holder", () => holder!.thread.commit(holder!.shared.rlock())))
  const writing = writer!.thread.start("writer", () => writer!.thread.commit(writer!.shared.lock()))
  const reading = reader!.thread.start("reader", () => reader!.thread.commit(reader!.shared.rlock()))
  yield* gosched()
  yield* allJoined([writer!.thread.interrupt(writing), writing, reading])
  expect(writer!.thread.wasInterrupted(writing)).toBe(true)
  expect(stateOf(buffer) & (Writing | Holders)).toBe(2)
}

/** A writer's thread is killed at any moment; the other one reads, or recovers what was half written. */
function* dying(of: Locks): Steps {
  const buffer = memory(3)
  const [mortal, survivor] = threads(2, () => of.at(buffer, 0))
  let isHalfDone = false
  mortal!.thread.start("writer", function* () {
    yield* mortal!.thread.commit(mortal!.shared.lock())
    isHalfDone = true
    yield* gosched()
    isHalfDone = false
    yield* mortal!.shared.unlock()
  })
  const surviving = survivor!.thread.start("reader", function* () {
    for (let i = 0; i < 2; i++) {
      try {
        yield* survivor!.thread.commit(survivor!.shared.rlock())
        expect(isHalfDone).toBe(false)
        yield* survivor!.shared.runlock()
      } catch (error) {
        expect((error as Error).name).toBe("OwnerDied")
        expect(yield* survivor!.shared.tryRLock()).toBe(false)
        yield* survivor!.thread.commit(survivor!.shared.recover())
        isHalfDone = false
        yield* survivor!.shared.unlock()
      }
    }
  })
  yield* gosched()
  mortal!.thread.kill()
  yield* allJoined([surviving, survivor!.thread.start("supervisor", () => survivor!.shared.threadDied(1))])
  expect(stateOf(buffer) & (Writing | Holders)).toBe(0)
}

/** A select that writes, reads, or ends otherwise at any moment, beside a thread that writes: exactly one is taken. */
function* selecting(): Steps {
  const buffer = memory(3)
  const [one, two] = threads(2, () => SharedRWMutex.at(buffer, 0))
  const late = new Signal()
  const outcomes: Array<number> = []
  yield* allJoined([
    two!.thread.start("writer", function* () {
      yield* two!.thread.commit(two!.shared.lock())
      yield* two!.shared.unlock()
    }),
    one!.thread.start("selects", function* () {
      const { index } = yield* one!.thread.select(one!.shared.lock(), one!.shared.rlock(), late.given)
      outcomes.push(index)
      if (index === 0) yield* one!.shared.unlock()
      if (index === 1) yield* one!.shared.runlock()
    }),
    one!.thread.start("ends", () => late.give()),
    one!.thread.start("reader", function* () {
      yield* one!.thread.commit(one!.shared.rlock())
      yield* one!.shared.runlock()
    }),
  ])
  yield* waitIdle()
  expect(outcomes).toHaveLength(1)
  expect(stateOf(buffer) & (Writing | Holders)).toBe(0)
}

describe("a shared RWMutex, access by access", () => {
  it.each([
    ["a reader and a writer", () => sharing({ roles: [["r"], ["w"]] }), 1356],
    ["2 writers", () => sharing({ roles: [["w"], ["w"]] }), 1332],
  ] as const)("in all schedules: %s", async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  it.each([
    ["a reader and a writer, twice", () => sharing({ roles: [["r"], ["w"]], times: 2 }), 6071],
    ["2 writers, twice", () => sharing({ roles: [["w"], ["w"]], times: 2 }), 7859],
  ] as const)("in all schedules with at most 2 preemptions: %s", { tags: "long" }, async (_, program, n) => {
    expect(await explore.check({ preemptions: 2, shares: "ops" }, program)).toMatchObject({ schedules: n })
  })

  const onePreemption = async (_: string, program: () => Steps) => {
    const options = { preemptions: 1, shares: "ops", leaks: "cancel" } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  }

  it.each([
    [
      "a reader and a writer, twice, that claim at once",
      () => sharing({ roles: [["r"], ["w"]], times: 2, of: Impatient }),
    ],
    ["a writer dies", () => dying(SharedRWMutex)],
    ["a writer dies, and all claim at once", () => dying(Impatient)],
    ["a select", selecting],
  ] as const)("in all schedules with at most 1 preemption: %s", onePreemption)

  it.each([
    ["2 readers and a writer", () => sharing({ roles: [["r"], ["w"], ["r"]] })],
    ["the writer is withdrawn", () => writerWithdrawn(SharedRWMutex)],
    ["the writer is withdrawn, and all claim at once", () => writerWithdrawn(Impatient)],
  ] as const)("in all schedules with at most 1 preemption: %s", { tags: "long" }, onePreemption)

  it.each([
    ["after 3 wake-ups in vain", { roles: [["r", "w"], ["w", "r"], ["w"]], times: 4 }],
    ["at once", { roles: [["r", "w"], ["w", "r"], ["r"]], times: 2, of: Impatient }],
  ] as const)("is for nobody else while it is claimed, which happens %s", { tags: "long" }, async (_, of) => {
    const claims = new Claims()
    for (const options of byChance(500)) await explore.check(options, () => sharing({ ...of, claims }))
    expect(claims.reserved).toBeGreaterThan(0)
  })

  it.each(byChance(1_500))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    await explore.check(options, () => sharing({ roles: [["r", "w"], ["w", "r"], ["r"]], times: 2 }))
    await explore.check(options, selecting)
    await explore.check({ ...options, leaks: "cancel" }, () => dying(Impatient))
  })
})
