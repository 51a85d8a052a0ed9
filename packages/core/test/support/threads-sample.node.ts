/** Comes back once all three have come. */
export function meet(words: Int32Array, index: number): number {
  Atomics.add(words, 0, 1)
  while (Atomics.load(words, 0) < 3);
  return index * 10
}

export function fail(message: string, index: number): void {
  if (index === 1) throw new Error(`${message} from ${index}`)
}

/** Only thread 1 ever ends by itself. */
export function endEarly(words: Int32Array, index: number): number {
  if (index !== 1) Atomics.wait(words, 0, 0)
  return index
}
