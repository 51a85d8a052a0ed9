/** Start a goroutine and wait for its result, one after the other; a batch is one of them. */
import { go, run } from "@weft/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import csp, { type Instruction } from "js-csp"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

export const question: TimeQuestion = {
  name: "spawn-join",
  title: "Spawn and join",
  measures: "time",
  operation: "goroutine",
  operations: 1,
  hot: true,
  target: { toGo: 0.5 },
  missing: { "thi.ng": "has no goroutines of its own, only async functions (see plain promises)" },
  remarks: { promises: "an async function runs at once, on its caller's stack: nothing is scheduled" },
  checksum: maskedSum,
  weft: (batches) =>
    run(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) sum += yield* go(weftBody, i)
      return sum
    }),
  weftClosure: (batches) =>
    run(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) {
        sum += yield* go(function* () {
          return i & 1023
        })
      }
      return sum
    }),
  rivals: {
    promises: async (batches) => {
      let sum = 0
      for (let i = 0; i < batches; i++) sum += await promisesBody(i)
      return sum
    },
    effect: (batches) =>
      Effect.runPromise(
        Effect.gen(function* () {
          let sum = 0
          for (let i = 0; i < batches; i++) sum += yield* Fiber.join(yield* Effect.forkChild(effectBody(i)))
          return sum
        }),
      ),
    "js-csp": (batches) =>
      runJsCsp(function* (): Generator<Instruction, number, number> {
        let sum = 0
        for (let i = 0; i < batches; i++) sum += yield csp.take(csp.go(jsCspBody, [i]))
        return sum
      }),
  },
}

// What needs no yield in these bodies is still a generator, as it is what each library takes.
/* eslint-disable @typescript-eslint/require-await */
function* weftBody(i: number): Generator<never, number> {
  return i & 1023
}

async function promisesBody(i: number): Promise<number> {
  return i & 1023
}

const effectBody = Effect.fnUntraced(function* (i: number) {
  return i & 1023
})

function* jsCspBody(i: number): Generator<Instruction, number, never> {
  return i & 1023
}
