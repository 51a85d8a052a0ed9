/**
 * Programs for what all flows have in common, to be run in every schedule. A flow is made over an unbuffered channel into which somebody
 * sends 1 and 2; it passes the values on as they are.
 */
import { chan, type Channel, type Flow, type Receiver } from "@weft/channels"
import { go, type Goroutine } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { expect } from "vitest"
import { endAll } from "./at-every-step.ts"
import type { Program } from "./every-schedule.ts"
import { expectNobodyWaits, sound } from "./sound.ts"

export type MakeFlow = (from: Receiver<number>) => Flow<number>

/** What the sender has got rid of, and a receiver got. */
interface Passage {
  readonly from: Channel<number>
  readonly sent: Array<number>
  readonly received: Array<number>
  readonly sender: Goroutine<void>
}

function begin(values: ReadonlyArray<number> = [1, 2]): Passage {
  const from = sound(chan<number>())
  const sent: Array<number> = []
  const sender = go.named("sender", function* () {
    for (const value of values) {
      yield* from.send(value)
      sent.push(value)
    }
    from.close()
  })
  return { from, sent, received: [], sender }
}

/** All that has arrived was sent, in order; `inHand` values at most are missing. */
function check({ from, received, sent }: Passage, flow: Flow<number>, inHand: number): string {
  expectNobodyWaits(from, channelOf(flow))
  expect(received).toEqual(sent.slice(0, received.length))
  expect(sent.length - received.length).toBeLessThanOrEqual(inHand)
  return `sent ${sent.join("")} received ${received.join("")}`
}

/** A flow is a channel that hides it. */
export const channelOf = (flow: Receiver<unknown, unknown>): Channel<unknown> => flow as unknown as Channel<unknown>

/** All values, in order, then the end. */
export const arrives = (make: MakeFlow): Program<string> =>
  function* () {
    const passage = begin()
    const flow = make(passage.from)
    yield* flow.forEach((value) => passage.received.push(value))
    expect(yield* flow.next()).toEqual({ ok: false, value: undefined })
    yield* passage.sender
    yield* flow.goroutine
    return check(passage, flow, 0)
  }

/**
 * Whoever ends a flow at any step ends its receiver too, and leaves nobody waiting; `inHand` values at most are lost, and no more are taken
 * from the source.
 */
export const ended = (make: MakeFlow, by: "stop" | "interrupt", inHand = 1, values = [1, 2]): Program<string> =>
  function* () {
    const passage = begin(values)
    const flow = make(passage.from)
    const receiver = go.named("receiver", function* () {
      yield* flow.forEach((value) => passage.received.push(value))
    })
    go.named("stopper", function* () {
      if (by === "stop") flow.stop()
      else flow.goroutine.interrupt()
    })
    yield* waitIdle()
    expect([receiver.status, flow.goroutine.status, flow.closed]).toEqual(["done", "done", true])
    yield* endAll(passage.sender)
    return check(passage, flow, inHand)
  }

/** A receiver that is cancelled at any step loses nothing: another gets the rest. */
export const receiverCancelled = (make: MakeFlow): Program<string> =>
  function* () {
    const passage = begin()
    const { received } = passage
    const flow = make(passage.from)
    const victim = go.named("victim", function* () {
      yield* flow.forEach((value) => received.push(value))
    })
    go.named("canceller", function* () {
      victim.interrupt()
    })
    yield* waitIdle()
    const first = received.length
    yield* flow.forEach((value) => received.push(value))
    yield* passage.sender
    yield* flow.goroutine
    check(passage, flow, 0)
    return String(first)
  }
