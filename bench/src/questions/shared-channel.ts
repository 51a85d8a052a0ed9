/** One thread sends numbers to another, which adds them up; a batch is one number. */
import { run } from "@weft/core"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { startStreamer } from "../streaming.ts"

const noThreads = "has no channel between threads"

export const question: TimeQuestion = {
  name: "shared-channel",
  title: "Channel between two threads",
  measures: "time",
  operation: "message",
  operations: 1,
  threads: 2,
  target: { toGo: 1, advantage: { promises: 100 } },
  missing: { effect: noThreads, "thi.ng": noThreads, "js-csp": noThreads },
  remarks: { promises: "postMessage between the two threads, without anything that holds the sender back" },
  prepare: startStreamer,
  checksum: maskedSum,
  async weft(batches) {
    const streamer = await startStreamer()
    streamer.order({ how: "one by one", count: batches })
    return run(function* () {
      let sum = 0
      for (let i = 0; i < batches; i++) sum += (yield* streamer.channel.receive()) ?? 0
      return sum
    })
  },
  rivals: {
    async promises(batches) {
      const streamer = await startStreamer()
      const { worker } = streamer
      return new Promise((resolve) => {
        let sum = 0
        let left = batches
        const add = (value: number) => {
          sum += value
          if (--left > 0) return
          worker.off("message", add)
          worker.unref()
          resolve(sum)
        }
        worker.on("message", add)
        streamer.order({ how: "by port", count: batches })
      })
    },
  },
}
