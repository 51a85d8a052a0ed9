/** Tasks for Web Workers. */
import { type Receiver, select, type Sender } from "@weft/channels"
import { sleep, threadId } from "@weft/core"
import { task } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})

export const where = task(import.meta.url, "where", function* () {
  return threadId()
})

/** Throws outside any task, while this one waits. */
export const crash = task(import.meta.url, "crash", function* () {
  setTimeout(() => {
    throw new Error("outside any task")
  })
  yield* sleep("1 hour")
})

/** Never ends, interrupted or not. */
export const loop = task(import.meta.url, "loop", function* (running: Sender<void>) {
  try {
    yield* running.send()
    yield* sleep("1 hour")
  } finally {
    for (;;);
  }
})

export const park = task(import.meta.url, "park", function* (running: Sender<void>, unwound: Sender<string>) {
  try {
    yield* running.send()
    yield* sleep("1 hour")
  } finally {
    yield* unwound.send("unwound")
  }
})

export const count = task(import.meta.url, "count", function* (to: number, numbers: Sender<number>) {
  for (let n = 1; n <= to; n++) yield* numbers.send(n)
  numbers.close()
})

/** Adds up what comes by either way. */
export const sum = task(import.meta.url, "sum", function* (left: Receiver<number>, right: Receiver<number>) {
  let total = 0
  for (;;) {
    const hit = yield* select({ left: left.receive(), right: right.receive() })
    if (hit.value !== undefined) total += hit.value
    else {
      yield* (hit.case === "left" ? right : left).forEach((n) => void (total += n))
      return total
    }
  }
})
