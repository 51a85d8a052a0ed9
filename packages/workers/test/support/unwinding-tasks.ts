import { chan, type Channel } from "@weft/channels"
import { failure, never, Op } from "@weft/core"
import { spawn, task } from "@weft/workers"

/** Waits for ever, and throws when it is interrupted. */
export const throwsUnwinding = task(import.meta.url, "throwsUnwinding", function* (begun: Channel<string>) {
  try {
    yield* begun.send("begun")
    yield* never
  } finally {
    fails()
  }
})

function fails(): never {
  throw new RangeError("in finally")
}

/** The same by a typed failure. */
export const failsUnwinding = task(import.meta.url, "failsUnwinding", function* (begun: Channel<string>) {
  try {
    yield* begun.send("begun")
    yield* never
  } finally {
    yield* Op.make<never, RangeError>({
      name: "failing",
      poll: () => {
        throw failure(new RangeError("in finally"))
      },
      enqueue: () => undefined,
      dequeue: () => undefined,
    })
  }
})

/** Spawns such a task and interrupts it: what comes of that. */
export const interruptsThrowing = task(import.meta.url, "interruptsThrowing", function* () {
  const begun = chan<string>()
  const goroutine = spawn(throwsUnwinding, begun)
  yield* begun.receive()
  goroutine.interrupt()
  try {
    yield* goroutine
    return "nothing"
  } catch (error) {
    return String(error)
  }
})
