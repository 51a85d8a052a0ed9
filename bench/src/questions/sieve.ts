/** The daisy chain of filters from Go's tour, one goroutine a prime, up to the 400th prime; a batch is one whole sieve. */
import { chan, type Channel } from "@weft/channels"
import { go, run } from "@weft/core"
import { channel, type Channel as ThingChannel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Chan, type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const limit = 2742
const sumOfPrimes = 507_825

export const question: TimeQuestion = {
  name: "sieve",
  title: "Prime sieve, 400 primes",
  measures: "time",
  operation: "sieve",
  operations: 1,
  target: {},
  missing: {},
  remarks: {
    "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read",
    effect: "a zero marks the end, as ending a queue is an error at the reader",
  },
  checksum: (batches) => batches * sumOfPrimes,
  weft: (batches) =>
    run(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) {
        let last = chan<number>()
        go(numbers, last)
        for (;;) {
          const prime = yield* last.receive()
          if (prime === undefined) break
          sum += prime
          const next = chan<number>()
          go(filter, last, next, prime)
          last = next
        }
      }
      return sum
    }),
  rivals: { promises, effect, "thi.ng": thing, "js-csp": jsCsp },
}

function* numbers(to: Channel<number>) {
  for (let i = 2; i < limit; i++) yield* to.send(i)
  to.close()
}

function* filter(from: Channel<number>, to: Channel<number>, prime: number) {
  for (;;) {
    const v = yield* from.receive()
    if (v === undefined) break
    if (v % prime !== 0) yield* to.send(v)
  }
  to.close()
}

async function promises(batches: number): Promise<number> {
  const numbers = async (to: PromiseChannel<number>) => {
    for (let i = 2; i < limit; i++) await to.send(i)
    to.close()
  }
  const filter = async (from: PromiseChannel<number>, to: PromiseChannel<number>, prime: number) => {
    for (;;) {
      const v = await from.receive()
      if (v === undefined) break
      if (v % prime !== 0) await to.send(v)
    }
    to.close()
  }
  let sum = 0
  for (let i = 0; i < batches; i++) {
    let last = new PromiseChannel<number>()
    void numbers(last)
    for (;;) {
      const prime = await last.receive()
      if (prime === undefined) break
      sum += prime
      const next = new PromiseChannel<number>()
      void filter(last, next, prime)
      last = next
    }
  }
  return sum
}

const effectNumbers = Effect.fnUntraced(function* (to: Queue.Queue<number>) {
  for (let i = 2; i < limit; i++) yield* Queue.offer(to, i)
  yield* Queue.offer(to, 0)
})

const effectFilter = Effect.fnUntraced(function* (from: Queue.Queue<number>, to: Queue.Queue<number>, prime: number) {
  for (;;) {
    const v = yield* Queue.take(from)
    if (v === 0 || v % prime !== 0) yield* Queue.offer(to, v)
    if (v === 0) return
  }
})

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) {
        let last = yield* Queue.bounded<number>(0)
        yield* Effect.forkChild(effectNumbers(last))
        for (;;) {
          const prime = yield* Queue.take(last)
          if (prime === 0) break
          sum += prime
          const next = yield* Queue.bounded<number>(0)
          yield* Effect.forkChild(effectFilter(last, next, prime))
          last = next
        }
      }
      return sum
    }),
  )
}

async function thing(batches: number): Promise<number> {
  const numbers = async (to: ThingChannel<number>) => {
    for (let i = 2; i < limit; i++) await to.write(i)
    to.close()
  }
  const filter = async (from: ThingChannel<number>, to: ThingChannel<number>, prime: number) => {
    for (;;) {
      const v = await from.read()
      if (v === undefined) break
      if (v % prime !== 0) await to.write(v)
    }
    to.close()
  }
  let sum = 0
  for (let i = 0; i < batches; i++) {
    let last = channel<number>(1)
    void numbers(last)
    for (;;) {
      const prime = await last.read()
      if (prime === undefined) break
      sum += prime
      const next = channel<number>(1)
      void filter(last, next, prime)
      last = next
    }
  }
  return sum
}

function* jsCspNumbers(to: Chan<number>): Generator<Instruction, void, unknown> {
  for (let i = 2; i < limit; i++) yield csp.put(to, i)
  to.close()
}

function* jsCspFilter(
  from: Chan<number>,
  to: Chan<number>,
  prime: number,
): Generator<Instruction, void, number | null> {
  for (;;) {
    const v = yield csp.take(from)
    if (v === csp.CLOSED) break
    if (v % prime !== 0) yield csp.put(to, v)
  }
  to.close()
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, number | null> {
    let sum = 0
    for (let i = 0; i < batches; i++) {
      let last = csp.chan<number>()
      csp.go(jsCspNumbers, [last])
      for (;;) {
        const prime = yield csp.take(last)
        if (prime === csp.CLOSED) break
        sum += prime
        const next = csp.chan<number>()
        csp.go(jsCspFilter, [last, next, prime])
        last = next
      }
    }
    return sum
  })
}
