/** Time and turns, outside any run's clock: for what concerns threads, which no virtual time moves. */
export const now = (): number => performance.now()

/** Calls back before the host does anything else. */
export const afterThis = (f: () => void): void => queueMicrotask(f)

const longestMillis = 2 ** 31 - 1

/** Calls back later, without keeping the process up; the answer stops that. */
export function later(f: () => void, millis: number): () => void {
  const timer = setTimeout(f, Math.min(millis, longestMillis))
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer)
}

/** What has come while this thread was busy is looked at first. */
const turnMillis = 10

/** Calls back when `millis` were given in vain: however long this thread itself is busy, what has come in time counts. Whether that keeps the process up is said. */
export function afterGrace(f: () => void, millis: number, isKept: boolean): () => void {
  const start = isKept ? kept : later
  let stop = start(() => (stop = start(f, turnMillis)), millis)
  return () => stop()
}

function kept(f: () => void, millis: number): () => void {
  const timer = setTimeout(f, Math.min(millis, longestMillis))
  return () => clearTimeout(timer)
}

export const warn = (message: string): void => {
  console.warn(message)
}
