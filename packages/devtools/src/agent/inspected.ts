/**
 * This thread's own inspector, reached from within: it needs no port. It collects garbage, and runs the agent in threads that this one has started.
 */
import type { Session } from "node:inspector"
import { type AgentOptions, callAgent, evaluateAgent, type InspectorRequest, releaseAgent } from "./expression.ts"
import { node } from "./node.ts"

export function collectGarbage(): Promise<void> {
  const session = new node.inspector.Session()
  session.connect()
  return new Promise((resolve, reject) => {
    session.post("HeapProfiler.collectGarbage", (error: Error | null) => {
      // Not here: a session that is disconnected in its own answer never returns from it.
      node.timers.setImmediate(() => {
        session.disconnect()
        if (error === null) resolve()
        else reject(new Error(error.message))
      })
    })
  })
}

interface AttachedToWorker {
  readonly params: { readonly sessionId: string }
}

interface FromWorker {
  readonly params: { readonly sessionId: string; readonly message: string }
}

interface Answer {
  readonly id?: number
  readonly result?: { readonly result?: { readonly objectId?: string } }
}

const evaluation = 1
const call = 2
const release = 3

/** Starts the agent in every thread that this one has started, and will start until `close` is called. `reached`: those that were there. */
export function startInThreads(
  source: string,
  options: AgentOptions,
): { readonly reached: number; readonly close: () => void } {
  let reached = 0
  const session = new node.inspector.Session() as Session & {
    on(event: "NodeWorker.attachedToWorker", listener: (message: AttachedToWorker) => void): void
    on(event: "NodeWorker.receivedMessageFromWorker", listener: (message: FromWorker) => void): void
    post(method: string, params: object): void
  }
  const ask = (sessionId: string, id: number, request: InspectorRequest): void =>
    session.post("NodeWorker.sendMessageToWorker", { sessionId, message: JSON.stringify({ id, ...request }) })
  session.connect()
  session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }) => {
    reached++
    ask(sessionId, evaluation, evaluateAgent(source))
  })
  session.on("NodeWorker.receivedMessageFromWorker", ({ params: { message, sessionId } }) => {
    const { id, result } = JSON.parse(message) as Answer
    const objectId = result?.result?.objectId
    if (id !== evaluation || objectId === undefined) return
    ask(sessionId, call, callAgent(objectId, source, options))
    ask(sessionId, release, releaseAgent())
  })
  // Tells of those that are there before it returns.
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false })
  return { reached, close: () => session.disconnect() }
}
