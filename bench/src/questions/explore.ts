/** Run a ping-pong of two goroutines, two round trips, under one schedule taken at random; a batch is a schedule. */
import { chan } from "@weft/channels"
import { go } from "@weft/core"
import { explore } from "@weft/core/testing"
import fc from "fast-check"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"

const trips = 2
const noSchedules = "has no schedules to choose from"

export const question: TimeQuestion = {
  name: "explore",
  title: "Exploring a ping-pong",
  measures: "time",
  operation: "schedule",
  operations: 1,
  target: { nanoseconds: 20_000 },
  notInGo: noSchedules,
  missing: { promises: noSchedules, effect: noSchedules, "thi.ng": noSchedules, "js-csp": noSchedules },
  remarks: {
    "fast-check": "its scheduler chooses the order of the promises that it is given: one before each send and receive",
  },
  checksum: (batches) => batches,
  weft: async (batches) => (await explore({ strategy: "random", schedules: batches }, pingPong)).schedules,
  rivals: { "fast-check": fastCheck },
}

function* pingPong() {
  const [there, back] = [chan<number>(), chan<number>()]
  const other = go(answer, there, back)
  for (let i = 0; i < trips; i++) {
    yield* there.send(i)
    if ((yield* back.receive()) !== i + 1) throw new Error("work was lost")
  }
  yield* other
}

function* answer(there: ReturnType<typeof chan<number>>, back: ReturnType<typeof chan<number>>) {
  for (let i = 0; i < trips; i++) yield* back.send(((yield* there.receive()) ?? 0) + 1)
}

async function fastCheck(batches: number): Promise<number> {
  let schedules = 0
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const [there, back] = [new PromiseChannel<number>(), new PromiseChannel<number>()]
      const turn = () => scheduler.schedule(Promise.resolve())
      const other = async () => {
        for (let i = 0; i < trips; i++) {
          await turn()
          const value = (await there.receive()) ?? 0
          await turn()
          await back.send(value + 1)
        }
      }
      const main = async () => {
        for (let i = 0; i < trips; i++) {
          await turn()
          await there.send(i)
          await turn()
          if ((await back.receive()) !== i + 1) throw new Error("work was lost")
        }
      }
      await scheduler.waitFor(Promise.all([main(), other()]))
      schedules++
    }),
    { numRuns: batches, seed: 1, endOnFailure: true },
  )
  return schedules
}
