/** How the rivals receive from one of several channels: the same loop for every select question. */
import { channel, select } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type AltResult, type Chan, type Instruction } from "js-csp"
import type { Program, Rival, TimeQuestion } from "./question.ts"
import { runJsCsp } from "./run-js-csp.ts"

/** One message through each of `channels` channels a batch, each carrying its channel's number. */
export function selectRivals(channels: number): Partial<Record<Rival, Program>> {
  return {
    effect: (batches) => effect(channels, batches),
    "thi.ng": (batches) => thing(channels, batches),
    "js-csp": (batches) => jsCsp(channels, batches),
  }
}

/** What all select questions say. */
export const selectDescription = {
  measures: "time",
  operation: "message",
  target: { toGo: 0.8 },
  missing: { promises: "Promise.race cannot withdraw the losers, so a message would be lost" },
  remarks: {
    effect: "Effect.raceAllFirst of Queue.take: a fiber for each case",
    "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read",
  },
} satisfies Partial<TimeQuestion>

function effect(channels: number, batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const all: Array<Queue.Queue<number>> = []
      for (let i = 0; i < channels; i++) all.push(yield* Queue.bounded<number>(0))
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let batch = 0; batch < batches; batch++) {
            for (const [i, queue] of all.entries()) yield* Queue.offer(queue, i)
          }
        }),
      )
      let sum = 0
      for (let i = 0; i < batches * channels; i++) {
        sum += yield* Effect.raceAllFirst(all.map((queue) => Queue.take(queue)))
      }
      return sum
    }),
  )
}

async function thing(channels: number, batches: number): Promise<number> {
  const all = Array.from({ length: channels }, () => channel<number>(1))
  const [first, ...rest] = all
  if (first === undefined) return 0
  void (async () => {
    for (let batch = 0; batch < batches; batch++) {
      for (const [i, ch] of all.entries()) await ch.write(i)
    }
  })()
  let sum = 0
  for (let i = 0; i < batches * channels; i++) sum += (await select(first, ...rest))[0] ?? 0
  return sum
}

function jsCsp(channels: number, batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, AltResult> {
    const all: Array<Chan<number>> = Array.from({ length: channels }, () => csp.chan<number>())
    csp.go(function* (): Generator<Instruction, void, unknown> {
      for (let batch = 0; batch < batches; batch++) {
        for (const [i, ch] of all.entries()) yield csp.put(ch, i)
      }
    })
    let sum = 0
    for (let i = 0; i < batches * channels; i++) sum += (yield csp.alts(all)).value as number
    return sum
  })
}
