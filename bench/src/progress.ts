/** Says on a terminal whose turn it is; to a file or pipe only what failed. */
import type { Progress } from "./rounds.ts"

export const progress: Progress & { clear(): void } = {
  turn(question, contestant, round) {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${question.title}: ${contestant.title}, round ${round + 1}`)
    }
  },
  failed(question, contestant, why) {
    this.clear()
    console.error(`${question.title}: ${contestant.title}: ${why}`)
  },
  clear() {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
  },
}
