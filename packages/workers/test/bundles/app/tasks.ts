/** A program's tasks, in a module of their own. */
import type { Receiver, Sender } from "@weft/channels"
import { sleep, threadId } from "@weft/core"
import { task } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  return n * n
})

export const where = task(import.meta.url, "where", function* () {
  return threadId()
})

export const shout = task(import.meta.url, "shout", function* (words: Receiver<string>, loud: Sender<string>) {
  yield* words.forEach(function* (word) {
    yield* loud.send(word.toUpperCase())
  })
  loud.close()
})

export const crash = task(import.meta.url, "crash", function* () {
  setTimeout(() => {
    throw new Error("outside any task")
  })
  yield* sleep("1 hour")
})
