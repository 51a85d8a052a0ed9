/** 100,000 goroutines that each sleep for 1 to 10 ms; a batch is all of them. The sleeping alone sets a floor of 100 ns each. */
import { go, run, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import { timeout } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import csp, { type Chan, type Instruction } from "js-csp"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

const size = 100_000

export const question: TimeQuestion = {
  name: "timers",
  title: "100,000 sleepers",
  measures: "time",
  operation: "sleeper",
  operations: size,
  target: {},
  missing: {},
  remarks: { "thi.ng": "a timeout() channel each, awaited in async functions" },
  checksum: (batches) => batches * size,
  weft: (batches) =>
    run(function* () {
      let woken = 0
      const sleeper = function* (wg: WaitGroup, millis: number) {
        yield* sleep(millis)
        woken++
        wg.done()
      }
      for (let batch = 0; batch < batches; batch++) {
        const wg = new WaitGroup()
        wg.add(size)
        for (let i = 0; i < size; i++) go(sleeper, wg, 1 + (i % 10))
        yield* wg.wait()
      }
      return woken
    }),
  rivals: {
    promises: (batches) => awaitAll(batches, (millis) => new Promise((resolve) => setTimeout(resolve, millis))),
    effect,
    "thi.ng": (batches) => awaitAll(batches, (millis) => timeout(millis).read()),
    "js-csp": jsCsp,
  },
}

async function awaitAll(batches: number, wait: (millis: number) => Promise<unknown>): Promise<number> {
  let woken = 0
  const sleeper = async (millis: number) => {
    await wait(millis)
    woken++
  }
  for (let batch = 0; batch < batches; batch++) {
    const all: Array<Promise<void>> = []
    for (let i = 0; i < size; i++) all.push(sleeper(1 + (i % 10)))
    await Promise.all(all)
  }
  return woken
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      let woken = 0
      const sleeper = Effect.fnUntraced(function* (millis: number) {
        yield* Effect.sleep(millis)
        woken++
      })
      for (let batch = 0; batch < batches; batch++) {
        const all: Array<Fiber.Fiber<void>> = []
        for (let i = 0; i < size; i++) all.push(yield* Effect.forkChild(sleeper(1 + (i % 10))))
        yield* Fiber.awaitAll(all)
      }
      return woken
    }),
  )
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, unknown> {
    let woken = 0
    const sleeper = function* (millis: number): Generator<Instruction, void, unknown> {
      yield csp.take(csp.timeout(millis))
      woken++
    }
    for (let batch = 0; batch < batches; batch++) {
      const all: Array<Chan<void>> = []
      for (let i = 0; i < size; i++) all.push(csp.go(sleeper, [1 + (i % 10)]))
      for (const process of all) yield csp.take(process)
    }
    return woken
  })
}
