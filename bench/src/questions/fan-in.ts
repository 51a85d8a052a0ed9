/** 100 senders, one receiver, one unbuffered channel; a batch is one message from each. */
import { chan } from "@weft/channels"
import { go, run } from "@weft/core"
import { channel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const senders = 100

export const question: TimeQuestion = {
  name: "fan-in",
  title: "Fan-in, 100 to 1",
  measures: "time",
  operation: "message",
  operations: senders,
  target: {},
  missing: {},
  remarks: { "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read" },
  checksum: (batches) => (batches * (senders * (senders - 1))) / 2,
  weft: (batches) =>
    run(function* () {
      const ch = chan<number>()
      for (let sender = 0; sender < senders; sender++) {
        go(function* () {
          for (let i = 0; i < batches; i++) yield* ch.send(sender)
        })
      }
      let sum = 0
      for (let i = 0; i < batches * senders; i++) sum += (yield* ch.receive()) ?? 0
      return sum
    }),
  rivals: { promises, effect, "thi.ng": thing, "js-csp": jsCsp },
}

async function promises(batches: number): Promise<number> {
  const ch = new PromiseChannel<number>()
  for (let sender = 0; sender < senders; sender++) {
    void (async () => {
      for (let i = 0; i < batches; i++) await ch.send(sender)
    })()
  }
  let sum = 0
  for (let i = 0; i < batches * senders; i++) sum += (await ch.receive()) ?? 0
  return sum
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(0)
      for (let sender = 0; sender < senders; sender++) {
        yield* Effect.forkChild(
          Effect.gen(function* () {
            for (let i = 0; i < batches; i++) yield* Queue.offer(queue, sender)
          }),
        )
      }
      let sum = 0
      for (let i = 0; i < batches * senders; i++) sum += yield* Queue.take(queue)
      return sum
    }),
  )
}

async function thing(batches: number): Promise<number> {
  const ch = channel<number>(1)
  for (let sender = 0; sender < senders; sender++) {
    void (async () => {
      for (let i = 0; i < batches; i++) await ch.write(sender)
    })()
  }
  let sum = 0
  for (let i = 0; i < batches * senders; i++) sum += (await ch.read()) ?? 0
  return sum
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, number> {
    const ch = csp.chan<number>()
    for (let sender = 0; sender < senders; sender++) {
      csp.go(function* (): Generator<Instruction, void, unknown> {
        for (let i = 0; i < batches; i++) yield csp.put(ch, sender)
      })
    }
    let sum = 0
    for (let i = 0; i < batches * senders; i++) sum += yield csp.take(ch)
    return sum
  })
}
