/** A select with default that finds nothing, a send, and one that finds it, on two channels; a batch is the three of them. */
import { chan, trySelect } from "@weft/channels"
import { run } from "@weft/core"
import { channel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import csp, { type AltResult, type Instruction } from "js-csp"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

export const question: TimeQuestion = {
  name: "try-select",
  title: "trySelect (select with default)",
  measures: "time",
  operation: "miss, send and hit",
  operations: 1,
  target: {},
  missing: { promises: "nothing to withdraw a receive with; looking into a buffer needs no promise" },
  remarks: {
    effect: "Queue.poll on one queue after the other",
    "thi.ng": "poll() on one channel after the other",
  },
  checksum: maskedSum,
  weft: (batches) =>
    run(function* () {
      const empty = chan<number>()
      const one = chan<number>(1)
      let sum = 0
      for (let i = 0; i < batches; i++) {
        if (trySelect({ empty: empty.receive(), one: one.receive() }) !== undefined) throw new Error("nothing was sent")
        yield* one.send(i & 1023)
        sum += trySelect({ empty: empty.receive(), one: one.receive() })?.value ?? 0
      }
      return sum
    }),
  rivals: { effect, "thi.ng": thing, "js-csp": jsCsp },
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const empty = yield* Queue.bounded<number>(1)
      const one = yield* Queue.bounded<number>(1)
      const poll = Effect.fnUntraced(function* () {
        const first = yield* Queue.poll(empty)
        return Option.isSome(first) ? first : yield* Queue.poll(one)
      })
      let sum = 0
      for (let i = 0; i < batches; i++) {
        if (Option.isSome(yield* poll())) throw new Error("nothing was sent")
        yield* Queue.offer(one, i & 1023)
        sum += Option.getOrElse(yield* poll(), () => 0)
      }
      return sum
    }),
  )
}

// eslint-disable-next-line @typescript-eslint/require-await -- a program is async; these calls wait for nothing
async function thing(batches: number): Promise<number> {
  const empty = channel<number>(1)
  const one = channel<number>(1)
  const poll = () => empty.poll() ?? one.poll()
  let sum = 0
  for (let i = 0; i < batches; i++) {
    if (poll() !== undefined) throw new Error("nothing was sent")
    one.offer(i & 1023)
    sum += poll() ?? 0
  }
  return sum
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, AltResult> {
    const empty = csp.chan<number>()
    const one = csp.chan<number>(1)
    const nothing = -1
    let sum = 0
    for (let i = 0; i < batches; i++) {
      if ((yield csp.alts([empty, one], { default: nothing })).value !== nothing) throw new Error("nothing was sent")
      yield csp.put(one, i & 1023)
      sum += (yield csp.alts([empty, one], { default: nothing })).value as number
    }
    return sum
  })
}
