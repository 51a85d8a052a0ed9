/** What takes without waiting is linearizable, beside what waits: the locks' own sources under the interleavings of their atomic accesses. */
import { explore, type History, linearizable, type Model, recordHistory, thrown, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { mutex, type MutexCall } from "../../../core/test/support/models.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import type { Thread } from "../../../core/test/support/stepping.node.ts"
import { type At, memory, type Steps, stepping, threads } from "./support.node.ts"

interface SteppingMutex {
  lock(): unknown
  tryLock(): Steps<boolean>
  unlock(): Steps
}

interface SteppingSemaphore {
  acquire(k: number): unknown
  tryAcquire(k: number): Steps<boolean>
  release(k: number): Steps
}

const { SharedMutex, SharedSemaphore } = stepping<{
  readonly SharedMutex: At<SteppingMutex>
  readonly SharedSemaphore: At<SteppingSemaphore, [size: number]>
}>(["shared-mutex", "shared-semaphore"])

type Result = boolean | undefined
type SemaphoreCall = readonly ["acquire" | "tryAcquire" | "release", number]

/** The state is how many permits are free. */
const semaphoreOf = (size: number): Model<number, SemaphoreCall, Result> => ({
  initial: () => size,
  step: (free, [what, k]) => {
    if (what === "release")
      return free + k <= size
        ? { result: undefined, state: free + k }
        : { result: thrown("ReleasedMoreThanHeld"), state: free }
    if (k <= free) return { result: what === "tryAcquire" ? true : undefined, state: free - k }
    return what === "tryAcquire" ? { result: false, state: free } : undefined
  },
})

/** What each thread does, one after the other. */
type Script<Call> = ReadonlyArray<ReadonlyArray<Call>>

/** Runs the script on threads of its own. Who still waits at the end must have had no effect. */
function* following<S, State, Call>(
  script: Script<Call>,
  make: () => S,
  perform: (shared: S, thread: Thread, call: Call) => Steps<Result>,
  model: Model<State, Call, Result>,
): Steps {
  const history: History<Call, Result> = recordHistory()
  for (const [i, { shared, thread }] of threads(script.length, make).entries())
    thread.start("client", function* () {
      for (const call of script[i]!) {
        try {
          yield* history.op(call, perform(shared, thread, call))
        } catch {
          // Recorded: more is given back than was taken.
        }
      }
    })
  yield* waitIdle()
  linearizable.check(
    model,
    [...history].filter(({ returned }) => returned !== undefined),
  )
}

function* onMutex(shared: SteppingMutex, thread: Thread, call: MutexCall): Steps<Result> {
  if (call === "tryLock") return yield* shared.tryLock()
  if (call === "lock") yield* thread.commit(shared.lock())
  else yield* shared.unlock()
  return undefined
}

function* onSemaphore(shared: SteppingSemaphore, thread: Thread, [what, k]: SemaphoreCall): Steps<Result> {
  if (what === "tryAcquire") return yield* shared.tryAcquire(k)
  if (what === "acquire") yield* thread.commit(shared.acquire(k))
  else yield* shared.release(k)
  return undefined
}

function locking(script: Script<MutexCall>, model = mutex): Steps {
  const buffer = memory(3)
  return following(script, () => SharedMutex.at(buffer, 0), onMutex, model)
}

function acquiring(script: Script<SemaphoreCall>, model = semaphoreOf(2)): Steps {
  const buffer = memory(4)
  return following(script, () => SharedSemaphore.at(2, buffer, 0), onSemaphore, model)
}

// Who has not got it gives it back all the same: that is refused, or another one's.
const twoOfMutex: Script<MutexCall> = [
  ["tryLock", "unlock"],
  ["tryLock", "unlock"],
]
const threeOfMutex: Script<MutexCall> = [
  ["lock", "unlock", "tryLock"],
  ["tryLock", "unlock", "lock"],
  ["tryLock", "unlock"],
]
const twoOfSemaphore: Script<SemaphoreCall> = [
  [
    ["tryAcquire", 2],
    ["release", 1],
  ],
  [
    ["tryAcquire", 1],
    ["release", 1],
  ],
]
const threeOfSemaphore: Script<SemaphoreCall> = [
  [
    ["tryAcquire", 2],
    ["release", 2],
    ["tryAcquire", 1],
  ],
  [
    ["tryAcquire", 1],
    ["tryAcquire", 1],
    ["release", 1],
  ],
  [
    ["acquire", 1],
    ["release", 1],
    ["release", 1],
  ],
]

/** Wrong: its try succeeds though another one has it. */
const shared: typeof mutex = {
  ...mutex,
  step: (state, call) => mutex.step(call === "tryLock" ? "unlocked" : state, call, undefined),
}

describe.each([
  ["mutex", () => locking(twoOfMutex), () => locking(threeOfMutex), () => locking(threeOfMutex, shared)],
  [
    "semaphore",
    () => acquiring(twoOfSemaphore),
    () => acquiring(threeOfSemaphore),
    () => acquiring(threeOfSemaphore, semaphoreOf(3)),
  ],
] as const)("a shared %s, access by access, is linearizable", (_, two, three, wrong) => {
  it("in all schedules: 2 threads that try", async () => {
    expect(await explore.check({ leaks: "cancel" }, two)).toMatchObject({ complete: true })
  })

  it("in all schedules with at most 2 preemptions: 3 threads", async () => {
    expect(await explore.check({ preemptions: 2, leaks: "cancel" }, three)).toMatchObject({ complete: true })
  })

  it.each(byChance(500))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    await explore.check({ ...options, leaks: "cancel" }, three)
  })

  it("and is told from what it is not", async () => {
    const { failure } = await explore({ strategy: "random", leaks: "cancel" }, wrong)
    expect(failure?.error).toHaveProperty("name", "NotLinearizable")
  })
})
