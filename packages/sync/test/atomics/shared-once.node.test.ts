/** The Once's own source under the interleavings of its atomic accesses. */
import { gosched } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { allJoined, type At, memory, stateOf, type Steps, stepping, threads } from "./support.node.ts"

const { SharedOnce } = stepping<{
  readonly SharedOnce: At<{ do(body: () => Steps): unknown; threadDied(thread: number): Steps }>
}>("shared-once")

const Done = -1

/** Each of so many goroutines on each of so many threads does it: one runs, nobody returns before that has ended. */
function* doing(count: number, goroutines: number): Steps {
  const buffer = memory(2)
  let runs = 0
  let isDone = false
  const all = threads(count, () => SharedOnce.at(buffer, 0)).flatMap(({ shared: once, thread }) =>
    Array.from({ length: goroutines }, () =>
      thread.start("caller", function* () {
        yield* thread.commit(
          once.do(function* () {
            runs++
            yield* gosched()
            isDone = true
          }),
        )
        expect(isDone).toBe(true)
      }),
    ),
  )
  yield* allJoined(all)
  expect([runs, stateOf(buffer)]).toEqual([1, Done])
}

/** What the body throws, the caller is thrown whose it was, and nobody else. */
function* throwing(): Steps {
  const buffer = memory(2)
  const thrown: Array<unknown> = []
  const all = threads(2, () => SharedOnce.at(buffer, 0)).flatMap(({ shared: once, thread }) =>
    ["a", "b"].map((name) =>
      thread.start(name, function* () {
        const mine = `${thread.id} ${name}`
        try {
          yield* thread.commit(
            once.do(function* () {
              yield* gosched()
              throw mine
            }),
          )
        } catch (error) {
          expect(error).toBe(mine)
          thrown.push(error)
        }
      }),
    ),
  )
  yield* allJoined(all)
  expect(thrown).toHaveLength(1)
}

/** One of two callers on a thread is interrupted at any moment: what it began goes on for the others. */
function* leaving(): Steps {
  const buffer = memory(2)
  let runs = 0
  let isDone = false
  const callers = threads(2, () => SharedOnce.at(buffer, 0)).map(({ shared: once, thread }) => ({
    thread,
    call: () =>
      thread.start("caller", function* () {
        yield* thread.commit(
          once.do(function* () {
            runs++
            yield* gosched()
            isDone = true
          }),
        )
        expect(isDone).toBe(true)
      }),
  }))
  const victim = callers[0]!.call()
  yield* gosched()
  yield* allJoined([callers[0]!.thread.interrupt(victim), victim, callers[0]!.call(), callers[1]!.call()])
  expect(runs).toBe(1)
}

/** The thread that runs it is killed at any moment: the other one runs it, or finds it done. */
function* dying(): Steps {
  const buffer = memory(2)
  let ended = 0
  const body = function* (): Steps {
    yield* gosched()
    ended++
  }
  const [mortal, survivor] = threads(2, () => SharedOnce.at(buffer, 0))
  mortal!.thread.start("mortal", () => mortal!.thread.commit(mortal!.shared.do(body)))
  const surviving = survivor!.thread.start("survivor", () => survivor!.thread.commit(survivor!.shared.do(body)))
  yield* gosched()
  mortal!.thread.kill()
  yield* allJoined([surviving, survivor!.thread.start("supervisor", () => survivor!.shared.threadDied(1))])
  expect(ended).toBeGreaterThan(0)
  expect(stateOf(buffer)).toBe(Done)
}

describe("a shared Once, access by access", () => {
  it("in all schedules: 2 threads", { tags: "long" }, async () => {
    const { schedules } = await explore.check({ shares: "ops" }, () => doing(2, 1))
    expect(schedules).toBe(34080)
  })

  it("in all schedules with at most 1 preemption: 2 threads", async () => {
    expect(await explore.check({ preemptions: 1, shares: "ops" }, () => doing(2, 1))).toMatchObject({ complete: true })
  })

  it.each(byChance(1_000))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    for (const program of [() => doing(3, 2), throwing, leaving, dying])
      await explore.check({ ...options, leaks: "cancel" }, program)
  })
})
