export const collect = (globalThis as unknown as { gc: () => void }).gc

/** Whether what was made, in a frame of its own, is gone after a collection. */
export async function isCollected(make: () => Promise<WeakRef<object>> | WeakRef<object>): Promise<boolean> {
  const made = await make()
  // A WeakRef holds its target until the turn in which it was made or read is over.
  for (let i = 0; i < 10 && made.deref() !== undefined; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  return made.deref() === undefined
}
