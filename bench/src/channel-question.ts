/** What the questions about a channel that is given to a task share: the task sends numbers, and this thread adds them up; a batch is one number. */
import { chan, codec, sharedChan } from "@weft/channels"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { channel, move, spawn as spawnThere } from "multithreading"
import { fed } from "./pools/fed.ts"
import type { Program } from "./question.ts"
import { feed } from "./threads/channel-tasks.ts"

export const throughChannel =
  (capacity: number): Program =>
  (batches) =>
    run(function* () {
      const numbers = chan<number>(capacity)
      const feeder = spawn(feed, numbers, batches)
      let sum = 0
      for (let i = 0; i < batches; i++) sum += (yield* numbers.receive()) ?? 0
      yield* feeder
      return sum
    })

export const throughSharedChannel =
  (capacity: number): Program =>
  (batches) =>
    run(function* () {
      const numbers = sharedChan(codec.f64, capacity)
      const feeder = spawn(feed, numbers, batches)
      let sum = 0
      for (let i = 0; i < batches; i++) sum += (yield* numbers.receive()) ?? 0
      yield* feeder
      return sum
    })

/** Its smallest capacity is 1. */
export const throughMultithreading =
  (capacity: number): Program =>
  async (batches) => {
    const [sender, receiver] = channel<number>(capacity)
    const feeder = spawnThere(move(sender, batches), async (out, count) => {
      for (let i = 0; i < count; i++) await out.send(i & 1023)
    })
    let sum = 0
    for (let i = 0; i < batches; i++) {
      const received = await receiver.recv()
      if (received.ok) sum += received.value
    }
    await feeder.join()
    return sum
  }

/** Asked for one by one, so many at once. */
export const throughComlink =
  (inFlight: number): Program =>
  async (batches) => {
    const thread = await fed()
    const asked: Array<Promise<number>> = []
    let sum = 0
    for (let i = 0; i < batches; i++) {
      asked.push(thread.next(i))
      if (asked.length === inFlight) sum += await asked.shift()!
    }
    for (const value of asked) sum += await value
    return sum
  }

/** By messages, of which so many may be on their way before the thread waits for word; Infinity: nothing holds it back. */
export const throughMessages =
  (ahead: number): Program =>
  async (batches) =>
    (await fed()).messages(batches, ahead)
