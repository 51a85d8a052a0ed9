/** The same between two threads, 64 at a time: sendAll and receiveUpTo; a batch is one number. */
import { run } from "@weft/core"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { batchSize, startStreamer } from "../streaming.ts"

const noBatches = "sends one value at a time between threads"

export const question: TimeQuestion = {
  name: "shared-batch",
  title: "The same, 64 at a time",
  measures: "time",
  operation: "message",
  operations: 1,
  threads: 2,
  target: { nanoseconds: 10 },
  missing: { promises: noBatches, effect: noBatches, "thi.ng": noBatches, "js-csp": noBatches },
  prepare: startStreamer,
  checksum: maskedSum,
  async weft(batches) {
    const streamer = await startStreamer()
    streamer.order({ how: "in batches", count: batches })
    return run(function* () {
      let sum = 0
      for (let left = batches; left > 0;) {
        const values = yield* streamer.channel.receiveUpTo(Math.min(batchSize, left))
        for (const value of values) sum += value
        left -= values.length
      }
      return sum
    })
  },
  rivals: {},
}
