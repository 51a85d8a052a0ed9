/**
 * This thread's own inspector, reached from within: it needs no port. It collects garbage, and runs the agent in threads that this one has started.
 */
import type { Session } from "node:inspector"
import { node } from "./node.ts"

export function collectGarbage(): void {
  const session = new node.inspector.Session()
  session.connect()
  try {
    // Synchronous: the answer comes before `post` returns.
    session.post("HeapProfiler.collectGarbage")
  } finally {
    session.disconnect()
  }
}

interface AttachedToWorker {
  readonly params: { readonly sessionId: string }
}

/** Evaluates `expression` in every thread that this one has started, and will start until `close` is called. `reached`: those that were there. */
export function evaluateInThreads(expression: string): { readonly reached: number; close(): void } {
  let reached = 0
  const session = new node.inspector.Session() as Session & {
    on(event: "NodeWorker.attachedToWorker", listener: (message: AttachedToWorker) => void): void
    post(method: string, params: object): void
  }
  session.connect()
  session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }) => {
    reached++
    const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression, silent: true } })
    session.post("NodeWorker.sendMessageToWorker", { sessionId, message })
  })
  // Tells of those that are there before it returns.
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false })
  return { reached, close: () => session.disconnect() }
}
