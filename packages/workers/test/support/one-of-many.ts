import { task } from "@weft/workers"

const boot = Symbol.for("@weft/workers.boot")

/** How often what the host can't read is told to the pool. Each query in this module's address makes another module of it, and another task. */
export const tellers = task(import.meta.url, "tellers", function* () {
  const { port } = (globalThis as unknown as Record<symbol, { port: NodeJS.EventEmitter }>)[boot]!
  return port.listenerCount("messageerror")
})
