/** Trees of SHA-256 hashes, a millisecond each; a batch is a lot of them. */
import { longTasks } from "../speed-up-question.ts"

export const question = longTasks({
  name: "hash-1ms",
  title: "SHA-256 trees of 1 ms",
  work: "hashLong",
  notInGo: "its SHA-256 is another one",
})
