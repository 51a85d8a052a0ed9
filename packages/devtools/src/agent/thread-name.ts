/** Node calls threads that their program gave no name "WorkerThread", or nothing. */
export function nameOfThread(thread: number, name: unknown): string {
  const isNamed = typeof name === "string" && name !== "" && name !== "WorkerThread"
  return isNamed ? name : `thread ${thread}`
}
