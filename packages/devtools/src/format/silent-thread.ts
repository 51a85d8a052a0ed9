/** A thread that did not answer, as far as whoever has started it knows it. */
export interface SilentThread {
  readonly thread: number
  /** The worker's name; "thread 3" where it has none. */
  readonly name: string
  /** The address of what it runs; left out where that is no file. */
  readonly script?: string
}

/** "thread 3 (worker.js) and 1 more thread": how many there are, by name where they are known. */
export function namesOfSilent(threads: number, known: ReadonlyArray<SilentThread> = []): string {
  const names = known.slice(0, Math.min(threads, mostNamed)).map(nameOf)
  const others = threads - names.length
  if (names.length === 0) return threadsText(threads, "")
  if (others > 0) return `${names.join(", ")} and ${threadsText(others, "more ")}`
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}

const mostNamed = 5

function nameOf({ name, script, thread }: SilentThread): string {
  const file = script?.split(/[\\/]/).at(-1)
  const known = [...(name === `thread ${thread}` ? [] : [name]), ...(file === undefined ? [] : [file])]
  return `thread ${thread}${known.length === 0 ? "" : ` (${known.join(", ")})`}`
}

const threadsText = (n: number, more: string): string => `${n} ${more}thread${n === 1 ? "" : "s"}`
