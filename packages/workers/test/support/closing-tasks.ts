import type { Sender } from "@weft/channels"
import { task } from "@weft/workers"

export const closing = task(import.meta.url, "closing", function* (out: Sender<number>) {
  out.close()
})
