/** Time and turns, outside any run's clock: for what concerns threads, which no virtual time moves. */
export const now = (): number => performance.now()

/** Calls back before the host does anything else. */
export const afterThis = (f: () => void): void => queueMicrotask(f)

/** Calls back later, without keeping the process up; the answer stops that. */
export function later(f: () => void, millis: number): () => void {
  const timer = setTimeout(f, Math.min(millis, 2 ** 31 - 1))
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer)
}

export const warn = (message: string): void => {
  console.warn(message)
}
