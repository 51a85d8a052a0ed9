/** 1,000 goroutines under a WaitGroup; a batch is all of them. */
import { go, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import csp, { type Chan, type Instruction } from "js-csp"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const size = 1000

export const question: TimeQuestion = {
  name: "spawn-1000",
  title: "Spawn 1,000 + WaitGroup",
  measures: "time",
  operation: "goroutine",
  operations: size,
  target: { toGo: 0.5 },
  missing: { "thi.ng": "has no goroutines of its own, only async functions (see plain promises)" },
  remarks: {
    promises: "an async function runs at once, on its caller's stack: nothing is scheduled",
    effect: "forkChild and Fiber.awaitAll",
    "js-csp": "takes from the channel of each process",
  },
  checksum: (batches) => (batches * (size * (size - 1))) / 2,
  weft: (batches) =>
    run(function* () {
      let sum = 0
      const body = function* (wg: WaitGroup, i: number) {
        sum += i
        wg.done()
      }
      for (let batch = 0; batch < batches; batch++) {
        const wg = new WaitGroup()
        for (let i = 0; i < size; i++) {
          wg.add(1)
          go(body, wg, i)
        }
        yield* wg.wait()
      }
      return sum
    }),
  weftClosure: (batches) =>
    run(function* () {
      let sum = 0
      for (let batch = 0; batch < batches; batch++) {
        const wg = new WaitGroup()
        for (let i = 0; i < size; i++) {
          wg.go(function* () {
            sum += i
          })
        }
        yield* wg.wait()
      }
      return sum
    }),
  rivals: {
    promises: async (batches) => {
      let sum = 0
      for (let batch = 0; batch < batches; batch++) {
        const all: Array<Promise<void>> = []
        for (let i = 0; i < size; i++) {
          all.push(
            // eslint-disable-next-line @typescript-eslint/require-await -- as above
            (async () => {
              sum += i
            })(),
          )
        }
        await Promise.all(all)
      }
      return sum
    },
    effect: (batches) =>
      Effect.runPromise(
        Effect.gen(function* () {
          let sum = 0
          for (let batch = 0; batch < batches; batch++) {
            const all: Array<Fiber.Fiber<void>> = []
            for (let i = 0; i < size; i++) {
              all.push(
                yield* Effect.forkChild(
                  Effect.sync(() => {
                    sum += i
                  }),
                ),
              )
            }
            yield* Fiber.awaitAll(all)
          }
          return sum
        }),
      ),
    "js-csp": (batches) =>
      runJsCsp(function* (): Generator<Instruction, number, unknown> {
        let sum = 0
        const body = function* (i: number): Generator<Instruction, void, never> {
          sum += i
        }
        for (let batch = 0; batch < batches; batch++) {
          const all: Array<Chan<void>> = []
          for (let i = 0; i < size; i++) all.push(csp.go(body, [i]))
          for (const process of all) yield csp.take(process)
        }
        return sum
      }),
  },
}
