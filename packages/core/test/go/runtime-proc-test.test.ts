/**
 * Go's runtime/proc_test, as far as one thread goes and no channel is needed; the timers' are among the channels' tests.
 *
 * On the default scheduler throughout: its fairness is what is asserted.
 */
import { type Goroutine, go, gosched, Op, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { RunQueue } from "../../src/run-queue.ts"
import { Mailbox } from "../support/mailbox.ts"

/** Never waits: a loop of these gives way only where the budget makes it. */
const ready = Op.make<void>({
  name: "ready",
  poll: () => undefined,
  enqueue() {},
  dequeue() {},
})

/** The queue never looks into what it holds. */
const goroutine = (id: number) => ({ id }) as unknown as Goroutine

describe("runtime/proc_test", () => {
  it.each([
    ["gives way at every look", gosched],
    ["never gives way of itself", () => ready],
  ])("YieldProgress: a goroutine that polls and %s lets a sleep end, and what it polls for come", (_, pause) =>
    run(function* () {
      let isAsked = false
      const answer = new Mailbox<void>()
      go(function* () {
        while (!isAsked) yield* pause()
        answer.put()
      })
      yield* sleep(10)
      isAsked = true
      yield* answer.take
    }),
  )

  it("PingPongHog: two that wake each other and one that only gives way get on alike", () =>
    run(
      function* () {
        let hogRounds = 0
        let isOver = false
        const [ping, pong] = [new Mailbox<void>(), new Mailbox<void>()]
        const hog = go(function* () {
          for (; !isOver; hogRounds++) yield* gosched()
        })
        go(function* () {
          for (;;) {
            yield* ping.take
            pong.put()
          }
        })
        const rounds = 10_000
        for (let i = 0; i < rounds; i++) {
          ping.put()
          yield* pong.take
        }
        isOver = true
        yield* hog
        // Go's bound, either way.
        expect(hogRounds).toBeGreaterThan(rounds / 20)
        expect(hogRounds).toBeLessThan(rounds * 20)
      },
      // No slice ends in it: the queue alone decides.
      { plugins: [virtualTime()] },
    ))

  it("SchedLocalQueue: of any number put in, that number comes out, in order", () => {
    const queue = new RunQueue()
    for (let n = 0; n <= 256; n++) {
      for (let id = 0; id < n; id++) {
        expect(queue.length).toBe(id)
        queue.push(goroutine(id))
      }
      for (let id = 0; id < n; id++) expect(queue.next()?.id).toBe(id)
      expect([queue.next(), queue.length]).toEqual([undefined, 0])
    }
  })

  it("SchedLocalQueueEmpty: never looks empty while a goroutine moves between its front and its ring", () => {
    for (let round = 0; round < 100; round++) {
      const queue = new RunQueue()
      const [first, second] = [goroutine(1), goroutine(2)]
      for (let i = 0; i < round; i++) {
        queue.pushWoken(goroutine(i))
        queue.next()
      }
      queue.pushWoken(first)
      queue.push(second)
      expect(queue.length).toBe(2)
      const out = [queue.next(), queue.next()]
      expect(new Set(out)).toEqual(new Set([first, second]))
      expect(queue.length).toBe(0)
    }
  })
})
