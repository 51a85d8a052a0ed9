import { processors } from "./attach-point.ts"
import { Processor } from "./processor.ts"

/**
 * Says that something outside may still wake a goroutine, a host callback say: until it is disposed of, no deadlock is reported.
 * It keeps no process up: where the host has nothing left to do, nothing can call back, and the run fails though it holds.
 *
 * @example
 * using _ = hold()
 * server.on("request", (request) => requests.trySend(request))
 *
 * @since 0.1.0
 */
export function hold(): Disposable {
  let isHeld = true
  Processor.holds++
  return {
    [Symbol.dispose]() {
      if (!isHeld) return
      isHeld = false
      Processor.holds--
      for (const processor of processors) processor.lookForSleep()
    },
  }
}
