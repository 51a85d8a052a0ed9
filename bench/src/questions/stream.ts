/** One sender, one receiver, one unbuffered channel; a batch is one message. */
import { chan } from "@weft/channels"
import { go, run } from "@weft/core"
import { channel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

export const question: TimeQuestion = {
  name: "stream",
  title: "Unbuffered stream",
  measures: "time",
  operation: "message",
  operations: 1,
  hot: true,
  target: { toGo: 0.8 },
  missing: {},
  remarks: { "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read" },
  checksum: maskedSum,
  weft: (batches) => streamWeft(0, batches),
  rivals: {
    promises: (batches) => streamPromises(0, batches),
    effect: (batches) => streamEffect(0, batches),
    "thi.ng": (batches) => streamThing(1, batches),
    "js-csp": (batches) => streamJsCsp(0, batches),
  },
}

export function streamWeft(capacity: number, messages: number): Promise<number> {
  return run(function* () {
    const ch = chan<number>(capacity)
    go(function* () {
      for (let i = 0; i < messages; i++) yield* ch.send(i & 1023)
      ch.close()
    })
    let sum = 0
    for (;;) {
      const v = yield* ch.receive()
      if (v === undefined) return sum
      sum += v
    }
  })
}

export async function streamPromises(capacity: number, messages: number): Promise<number> {
  const ch = new PromiseChannel<number>(capacity)
  void (async () => {
    for (let i = 0; i < messages; i++) await ch.send(i & 1023)
    ch.close()
  })()
  let sum = 0
  for (;;) {
    const v = await ch.receive()
    if (v === undefined) return sum
    sum += v
  }
}

export function streamEffect(capacity: number, messages: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(capacity)
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let i = 0; i < messages; i++) yield* Queue.offer(queue, i & 1023)
        }),
      )
      let sum = 0
      for (let i = 0; i < messages; i++) sum += yield* Queue.take(queue)
      return sum
    }),
  )
}

export async function streamThing(capacity: number, messages: number): Promise<number> {
  const ch = channel<number>(capacity)
  void (async () => {
    for (let i = 0; i < messages; i++) await ch.write(i & 1023)
    ch.close()
  })()
  let sum = 0
  for (;;) {
    const v = await ch.read()
    if (v === undefined) return sum
    sum += v
  }
}

export function streamJsCsp(capacity: number, messages: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, number | null> {
    const ch = csp.chan<number>(capacity)
    csp.go(function* (): Generator<Instruction, void, unknown> {
      for (let i = 0; i < messages; i++) yield csp.put(ch, i & 1023)
      ch.close()
    })
    let sum = 0
    for (;;) {
      const v = yield csp.take(ch)
      if (v === csp.CLOSED) return sum
      sum += v
    }
  })
}
