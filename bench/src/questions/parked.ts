/** A million goroutines that all wait to receive from one channel: what a parked one weighs. */
import { chan } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import { channel, type Channel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Chan, type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { MemoryQuestion } from "../question.ts"

export const question: MemoryQuestion = {
  name: "parked",
  title: "Parked goroutine (memory)",
  measures: "memory",
  operation: "goroutine",
  count: 1_000_000,
  quickCount: 200_000,
  target: { bytes: 700, peak: 1_000_000_000 },
  missing: {},
  remarks: {
    "thi.ng": "a channel each, as at most 1,024 reads may wait on one",
    "js-csp": "a channel each, as at most 1,024 takes may wait on one",
  },
  weft: (count, allParked) =>
    run(function* () {
      const ch = chan<number>()
      let sum = 0
      const waiter = function* () {
        sum += (yield* ch.receive()) ?? 0
      }
      for (let i = 0; i < count; i++) go(waiter)
      yield* gosched() // once round the run queue
      allParked()
      ch.close()
      return sum
    }),
  weftClosure: (count, allParked) =>
    run(function* () {
      const ch = chan<number>()
      let sum = 0
      for (let i = 0; i < count; i++) {
        go(function* () {
          sum += (yield* ch.receive()) ?? 0
        })
      }
      yield* gosched()
      allParked()
      ch.close()
      return sum
    }),
  rivals: { promises, effect, "thi.ng": thing, "js-csp": jsCsp },
}

async function promises(count: number, allParked: () => void): Promise<void> {
  const ch = new PromiseChannel<number>()
  let sum = 0
  const waiter = async () => {
    sum += (await ch.receive()) ?? 0
  }
  for (let i = 0; i < count; i++) void waiter()
  await nextTurn()
  allParked()
  ch.close()
}

function effect(count: number, allParked: () => void): Promise<void> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(0)
      let sum = 0
      const waiter = Effect.gen(function* () {
        sum += yield* Queue.take(queue)
      })
      for (let i = 0; i < count; i++) yield* Effect.forkChild(waiter)
      yield* Effect.sleep(10)
      allParked()
    }),
  )
}

async function thing(count: number, allParked: () => void): Promise<void> {
  let sum = 0
  const waiter = async (ch: Channel<number>) => {
    sum += (await ch.read()) ?? 0
  }
  const all: Array<Channel<number>> = []
  for (let i = 0; i < count; i++) {
    const ch = channel<number>(1)
    all.push(ch)
    void waiter(ch)
  }
  await nextTurn()
  allParked()
  for (const ch of all) ch.close()
}

async function jsCsp(count: number, allParked: () => void): Promise<void> {
  let sum = 0
  const all: Array<Chan<number>> = []
  const waiter = function* (ch: Chan<number>): Generator<Instruction, void, number> {
    sum += yield csp.take(ch)
  }
  for (let i = 0; i < count; i++) {
    const ch = csp.chan<number>()
    all.push(ch)
    csp.go(waiter, [ch])
  }
  await nextTurn()
  await nextTurn()
  allParked()
  for (const ch of all) ch.close()
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10)
  })
}
