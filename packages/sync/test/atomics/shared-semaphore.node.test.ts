/** The semaphore's own source under the interleavings of its atomic accesses. */
import { type Goroutine, gosched } from "@weft/core"
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
  Reserved,
  stateOf,
  type Steps,
  stepping,
  threads,
} from "./support.node.ts"

type Semaphores = At<
  {
    acquire(k: number): unknown
    tryAcquire(k: number): Steps<boolean>
    release(k: number): Steps
    threadDied(thread: number): Steps
  },
  [size: number]
>

const { SharedSemaphore } = stepping<{ readonly SharedSemaphore: Semaphores }>("shared-semaphore")
const { SharedSemaphore: Impatient } = stepping<{ readonly SharedSemaphore: Semaphores }>("shared-semaphore", impatient)

const heldOf = (buffer: SharedArrayBuffer): number => stateOf(buffer) & Holders

interface Acquiring {
  readonly size: number
  /** Of each thread, what each of its goroutines acquires. */
  readonly weights: ReadonlyArray<ReadonlyArray<number>>
  readonly times?: number
  readonly of?: Semaphores
  readonly claims?: Claims
}

/** Each goroutine acquires and releases its weight. */
function* acquiring({ size, weights, times = 1, of = SharedSemaphore, claims }: Acquiring): Steps {
  const buffer = memory(4)
  claims?.watch(buffer)
  let held = 0
  const all = threads(weights.length, () => of.at(size, buffer, 0)).flatMap(({ shared: semaphore, thread }, i) =>
    weights[i]!.map((weight) =>
      thread.start(`acquires ${weight}`, function* () {
        for (let k = 0; k < times; k++) {
          yield* thread.commit(semaphore.acquire(weight))
          held += weight
          expect(held).toBeLessThanOrEqual(size)
          yield* gosched()
          held -= weight
          yield* semaphore.release(weight)
        }
      }),
    ),
  )
  yield* allJoined(all)
  expect(heldOf(buffer)).toBe(0)
}

/** All permits are held, and released one after the other; one that wants all of them is interrupted at any moment. */
function* withdrawing(of: Semaphores, claims?: Claims): Steps {
  const buffer = memory(4)
  claims?.watch(buffer)
  const [one, two] = threads(2, () => of.at(2, buffer, 0))
  yield* joined(one!.thread.start("holder", () => one!.thread.commit(one!.shared.acquire(2))))
  const acquire = ({ shared: semaphore, thread }: typeof one & {}, k: number): Goroutine =>
    thread.start(`acquires ${k}`, function* () {
      yield* thread.commit(semaphore.acquire(k))
      yield* semaphore.release(k)
    })
  const victim = acquire(two!, 2)
  const all = [
    // Twice: what the small one gets in between makes the large one claim.
    one!.thread.start("releaser", function* () {
      yield* one!.shared.release(1)
      yield* one!.thread.commit(one!.shared.acquire(1))
      yield* one!.shared.release(2)
    }),
  ]
  yield* gosched()
  for (let i = 0; i < 20 && claims !== undefined && (stateOf(buffer) & Reserved) === 0; i++) yield* gosched()
  yield* allJoined([...all, two!.thread.interrupt(victim), victim])
  expect(heldOf(buffer)).toBe(0)
}

/** A thread that has claimed it, or waits, is killed at any moment: the other one gets what is free. */
function* dying(of: Semaphores): Steps {
  const buffer = memory(4)
  const [mortal, survivor] = threads(2, () => of.at(1, buffer, 0))
  yield* joined(survivor!.thread.start("holder", () => survivor!.thread.commit(survivor!.shared.acquire(1))))
  mortal!.thread.start("mortal", () => mortal!.thread.commit(mortal!.shared.acquire(1)))
  const surviving = survivor!.thread.start("survivor", function* () {
    for (let i = 0; i < 2; i++) {
      yield* survivor!.shared.release(1)
      yield* survivor!.thread.commit(survivor!.shared.acquire(1))
    }
  })
  yield* gosched()
  mortal!.thread.kill()
  yield* joined(survivor!.thread.start("supervisor", () => survivor!.shared.threadDied(1)))
  yield* waitIdle()
  // Permits have no owner: what the thread held is lost, until somebody releases it in its stead.
  if (surviving.status !== "done") {
    expect(heldOf(buffer)).toBe(1)
    yield* joined(survivor!.thread.start("releases", () => survivor!.shared.release(1)))
  }
  yield* joined(surviving)
  expect(heldOf(buffer)).toBe(1)
}

/** What there is beside a select. */
interface Beside {
  readonly another?: boolean
  readonly late?: boolean
}

/** A select for a permit twice, and for something that comes at any moment, while another thread has it: exactly one is taken. */
function* selecting({ another = true, late: comesLate = true }: Beside = {}): Steps {
  const buffer = memory(4)
  const [one, two] = threads(2, () => SharedSemaphore.at(2, buffer, 0))
  yield* joined(two!.thread.start("holder", () => two!.thread.commit(two!.shared.acquire(2))))
  const late = new Signal()
  const outcomes: Array<number> = []
  const all = [
    one!.thread.start("selects", function* () {
      const { index } = yield* one!.thread.select(one!.shared.acquire(2), one!.shared.acquire(1), late.given)
      outcomes.push(index)
      if (index < 2) yield* one!.shared.release(2 - index)
    }),
  ]
  if (another)
    all.push(
      one!.thread.start("acquires 1", function* () {
        yield* one!.thread.commit(one!.shared.acquire(1))
        yield* one!.shared.release(1)
      }),
    )
  if (comesLate) all.push(one!.thread.start("ends", () => late.give()))
  all.push(two!.thread.start("releases", () => two!.shared.release(2)))
  yield* allJoined(all)
  expect(outcomes).toHaveLength(1)
  expect(heldOf(buffer)).toBe(0)
}

describe("a shared semaphore, access by access", () => {
  it.each([
    ["2 threads, 1 permit", () => acquiring({ size: 1, weights: [[1], [1]] }), 120],
    ["one wants all, one wants one", () => acquiring({ size: 2, weights: [[2], [1]] }), 124],
  ] as const)("in all schedules: %s", async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  it("in all schedules with at most 2 preemptions: one wants all, one wants one, twice", { tags: "long" }, async () => {
    const program = () => acquiring({ size: 2, weights: [[2], [1]], times: 2 })
    expect(await explore.check({ preemptions: 2, shares: "ops" }, program)).toMatchObject({ schedules: 5671 })
  })

  const onePreemption = async (_: string, program: () => Steps) => {
    const options = { preemptions: 1, shares: "ops", leaks: "cancel" } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  }

  it.each([
    [
      "2 threads, twice, that claim at once",
      () => acquiring({ size: 2, weights: [[2], [1]], times: 2, of: Impatient }),
    ],
    ["one is withdrawn", () => withdrawing(SharedSemaphore)],
    ["one dies", () => dying(SharedSemaphore)],
    ["one dies, and all claim at once", () => dying(Impatient)],
    // Both beside it are ten times as many schedules: those are searched by chance.
    ["a select, beside one that acquires", () => selecting({ late: false })],
    ["a select that something else may end", () => selecting({ another: false })],
  ] as const)("in all schedules with at most 1 preemption: %s", onePreemption)

  it.each([["3 threads, 2 permits", () => acquiring({ size: 2, weights: [[1], [2], [1]] })]] as const)(
    "in all schedules with at most 1 preemption: %s",
    { tags: "long" },
    onePreemption,
  )

  it.each([
    ["after 3 wake-ups in vain", { size: 2, weights: [[1, 1], [2], [1, 1]], times: 4 }],
    ["at once", { size: 3, weights: [[1, 2], [3], [2]], times: 2, of: Impatient }],
  ] as const)("reserves what comes free for who has claimed it, which he does %s", { tags: "long" }, async (_, of) => {
    const claims = new Claims()
    for (const options of byChance(500)) await explore.check(options, () => acquiring({ ...of, claims }))
    expect(claims.reserved).toBeGreaterThan(0)
    expect(claims.served).toBe(claims.reserved)
  })

  it("leaves nothing reserved for who is withdrawn when he has claimed it", { tags: "long" }, async () => {
    const claims = new Claims()
    for (const options of byChance(1_500)) await explore.check(options, () => withdrawing(Impatient, claims))
    expect(claims.served).toBeLessThan(claims.reserved)
  })

  it.each(byChance(1_500))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    await explore.check(options, () => acquiring({ size: 3, weights: [[1, 2], [3, 1], [2]], times: 2 }))
    await explore.check(options, () => selecting())
    await explore.check({ ...options, leaks: "cancel" }, () => dying(Impatient))
  })
})
