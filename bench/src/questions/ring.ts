/** One token round 1,000 goroutines, each joined to the next by an unbuffered channel; a batch is 20 laps. */
import { chan, type Channel } from "@weft/channels"
import { go, run } from "@weft/core"
import { channel, type Channel as ThingChannel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Chan, type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const size = 1000
const laps = 20 // so that making the ring weighs little

export const question: TimeQuestion = {
  name: "ring",
  title: "Ring of 1,000",
  measures: "time",
  operation: "hop",
  operations: laps * size,
  target: { toGo: 0.6 },
  missing: {},
  remarks: {
    "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read",
    effect:
      "queues of capacity 1: one of capacity 0 resumes its taker on its own stack, which overflows round a ring of 1,000, and the program hangs",
  },
  checksum: (batches) => batches * laps * size,
  weft: (batches) =>
    run(function* () {
      const first = chan<number>()
      let last = first
      for (let i = 1; i < size; i++) {
        const next = chan<number>()
        go(relay, last, next)
        last = next
      }
      let token = 0
      for (let i = 0; i < batches * laps; i++) {
        yield* first.send(token)
        token = ((yield* last.receive()) ?? 0) + 1
      }
      first.close()
      return token
    }),
  rivals: { promises, effect, "thi.ng": thing, "js-csp": jsCsp },
}

function* relay(from: Channel<number>, to: Channel<number>) {
  for (;;) {
    const v = yield* from.receive()
    if (v === undefined) break
    yield* to.send(v + 1)
  }
  to.close()
}

async function promises(batches: number): Promise<number> {
  const first = new PromiseChannel<number>()
  let last = first
  const relay = async (from: PromiseChannel<number>, to: PromiseChannel<number>) => {
    for (;;) {
      const v = await from.receive()
      if (v === undefined) break
      await to.send(v + 1)
    }
    to.close()
  }
  for (let i = 1; i < size; i++) {
    const next = new PromiseChannel<number>()
    void relay(last, next)
    last = next
  }
  let token = 0
  for (let i = 0; i < batches * laps; i++) {
    await first.send(token)
    token = ((await last.receive()) ?? 0) + 1
  }
  first.close()
  return token
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const first = yield* Queue.bounded<number>(1)
      let last = first
      for (let i = 1; i < size; i++) {
        const from = last
        const to = yield* Queue.bounded<number>(1)
        yield* Effect.forkChild(
          Effect.gen(function* () {
            for (;;) yield* Queue.offer(to, (yield* Queue.take(from)) + 1)
          }),
        )
        last = to
      }
      let token = 0
      for (let i = 0; i < batches * laps; i++) {
        yield* Queue.offer(first, token)
        token = (yield* Queue.take(last)) + 1
      }
      return token
    }),
  )
}

async function thing(batches: number): Promise<number> {
  const first = channel<number>(1)
  let last = first
  const relay = async (from: ThingChannel<number>, to: ThingChannel<number>) => {
    for (;;) {
      const v = await from.read()
      if (v === undefined) break
      await to.write(v + 1)
    }
    to.close()
  }
  for (let i = 1; i < size; i++) {
    const next = channel<number>(1)
    void relay(last, next)
    last = next
  }
  let token = 0
  for (let i = 0; i < batches * laps; i++) {
    await first.write(token)
    token = ((await last.read()) ?? 0) + 1
  }
  first.close()
  return token
}

function* jsCspRelay(from: Chan<number>, to: Chan<number>): Generator<Instruction, void, number | null> {
  for (;;) {
    const v = yield csp.take(from)
    if (v === csp.CLOSED) break
    yield csp.put(to, v + 1)
  }
  to.close()
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, number> {
    const first = csp.chan<number>()
    let last = first
    for (let i = 1; i < size; i++) {
      const next = csp.chan<number>()
      csp.go(jsCspRelay, [last, next])
      last = next
    }
    let token = 0
    for (let i = 0; i < batches * laps; i++) {
      yield csp.put(first, token)
      token = (yield csp.take(last)) + 1
    }
    first.close()
    return token
  })
}
