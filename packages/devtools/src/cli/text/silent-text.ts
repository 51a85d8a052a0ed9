import { count } from "./quantity.ts"

/** Of a recording, and of what is made of one. */
export const silentText = (threads: number): string =>
  `${count(threads, "thread")} did not answer, and what runs there is missing: it never gives way to its event loop.`
