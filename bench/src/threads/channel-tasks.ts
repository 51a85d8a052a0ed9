/** Tasks that are given channels. */
import type { Receiver, Sender } from "@weft/channels"
import { task } from "@weft/workers"

/** Sends so many numbers. */
export const feed = task(import.meta.url, "feed", function* (out: Sender<number>, count: number) {
  for (let i = 0; i < count; i++) yield* out.send(i & 1023)
})

/** Sends back what it receives, so many times. */
export const sendBack = task(
  import.meta.url,
  "sendBack",
  function* (there: Receiver<number>, back: Sender<number>, count: number) {
    for (let i = 0; i < count; i++) yield* back.send(((yield* there.receive()) ?? 0) + 1)
  },
)
