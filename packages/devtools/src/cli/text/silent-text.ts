import { namesOfSilent, type SilentThread } from "../../format/silent-thread.ts"

/** Of a recording, and of what is made of one. */
export const silentText = (threads: number, known: ReadonlyArray<SilentThread> | undefined): string =>
  `${namesOfSilent(threads, known)} did not answer, and what runs there is missing: it never gives way to its event loop.`
