/** A module that fails once its task is registered: a thread has that nevertheless. */
import { task } from "@weft/workers"

export const early = task(import.meta.url, "early", function* () {
  return "early"
})

// A thread has no page.
export const title = (globalThis as unknown as { document: { title: string } }).document.title

export const late = task(import.meta.url, "late", function* () {
  return "late"
})
