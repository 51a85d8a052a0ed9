/** A module that takes its time to have its task. */
import { threadId } from "@weft/core"
import { task } from "@weft/workers"

if (threadId() !== 1) await new Promise((resolve) => setTimeout(resolve, 300))

export const slow = task(import.meta.url, "slow", function* () {
  return "loaded"
})
