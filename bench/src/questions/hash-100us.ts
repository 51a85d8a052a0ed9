/** Trees of SHA-256 hashes, 100 µs each; a batch is a lot of them. */
import { shortTasks } from "../speed-up-question.ts"

export const question = shortTasks({
  name: "hash-100us",
  title: "SHA-256 trees of 100 µs",
  work: "hashShort",
  notInGo: "its SHA-256 is another one",
})
