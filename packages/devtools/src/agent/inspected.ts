/**
 * This thread's own inspector, reached from within: it needs no port. It collects garbage, and runs the agent in threads that this one has started.
 */
import { type AgentOptions, callAgent, evaluateAgent, type InspectorRequest, releaseAgent } from "./expression.ts"
import type { SilentThread } from "../format/silent-thread.ts"
import { hasInspectorWithin, node } from "./node.ts"
import { type InspectorMessage, OwnInspector } from "./own-inspector.ts"
import { nameOfThread } from "./thread-name.ts"

export function collectGarbage(): Promise<void> {
  if (!hasInspectorWithin()) {
    const { Bun: bun, gc = bun === undefined ? undefined : () => bun.gc(true) } = globalThis as {
      readonly Bun?: { gc(isSynchronous: boolean): void }
      readonly gc?: () => void
    }
    if (gc === undefined)
      throw new Error("weft: this host collects garbage on demand only when it is started with --expose-gc")
    gc()
    return Promise.resolve()
  }
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

interface OfWorker {
  readonly sessionId: string
  /** Not of every host. */
  readonly workerInfo?: { readonly title?: string; readonly url?: string }
}

interface FromWorker {
  readonly sessionId: string
  readonly message: string
}

interface Answer {
  readonly id?: number
  readonly result?: { readonly result?: { readonly objectId?: string; readonly value?: unknown } }
}

const evaluation = 1
const call = 2
const release = 3
/** A thread that is being set up has no modules yet. */
const againMillis = 10
const mostTries = 500

type OnCount = (threads: number, known: ReadonlyArray<SilentThread>) => void

/** Starts the agent in every thread that this one has started, and will start until it is closed. */
export class ThreadStarter {
  readonly #inspector: OwnInspector
  readonly #source: string
  readonly #options: AgentOptions
  /** By session; which it is, where the host tells. */
  readonly #threads = new Map<string, SilentThread | undefined>()
  readonly #tries = new Map<string, number>()
  readonly #onCount: OnCount

  /** `onCount` is told how many threads there are, and which, whenever that changes: at once of those that are there. */
  constructor(source: string, options: AgentOptions, onCount: OnCount) {
    this.#source = source
    this.#options = options
    this.#onCount = onCount
    this.#inspector = new OwnInspector((message) => this.#heard(message))
    // Tells of those that are there before it returns.
    this.#inspector.post("NodeWorker.enable", { waitForDebuggerOnStart: false })
  }

  #heard({ method, params }: InspectorMessage): void {
    if (method === "NodeWorker.attachedToWorker") this.#appeared(params as OfWorker)
    else if (method === "NodeWorker.detachedFromWorker") this.#gone((params as OfWorker).sessionId)
    else if (method === "NodeWorker.receivedMessageFromWorker") {
      const { message, sessionId } = params as FromWorker
      this.#answered(sessionId, JSON.parse(message) as Answer)
    }
  }

  #appeared({ sessionId, workerInfo }: OfWorker): void {
    this.#threads.set(sessionId, threadOf(workerInfo))
    this.#tellCount()
    this.#ask(sessionId, evaluation, evaluateAgent(this.#source))
  }

  #gone(sessionId: string): void {
    this.#threads.delete(sessionId)
    this.#tries.delete(sessionId)
    this.#tellCount()
  }

  #tellCount(): void {
    this.#onCount(
      this.#threads.size,
      [...this.#threads.values()].filter((thread) => thread !== undefined),
    )
  }

  #answered(sessionId: string, { id, result }: Answer): void {
    if (id === undefined || id === release) return
    const { objectId, value } = result?.result ?? {}
    if (id === evaluation && objectId !== undefined)
      this.#ask(sessionId, call, callAgent(objectId, this.#source, this.#options, true))
    else if (id === call && value === true) this.#ask(sessionId, release, releaseAgent())
    else this.#askAgain(sessionId)
  }

  #askAgain(sessionId: string): void {
    const tries = (this.#tries.get(sessionId) ?? 0) + 1
    this.#tries.set(sessionId, tries)
    if (tries > mostTries) return
    node.timers.setTimeout(() => this.#ask(sessionId, evaluation, evaluateAgent(this.#source)), againMillis).unref()
  }

  #ask(sessionId: string, id: number, request: InspectorRequest): void {
    if (!this.#threads.has(sessionId)) return
    const message = JSON.stringify({ id, ...request })
    this.#inspector.post("NodeWorker.sendMessageToWorker", { sessionId, message })
  }

  close(): void {
    this.#threads.clear()
    this.#inspector.close()
  }
}

/** Of what Node calls it: "[worker 3] its name". Its `workerId` is that of the session. */
function threadOf({ title = "", url = "" }: OfWorker["workerInfo"] = {}): SilentThread | undefined {
  const [, number, name = ""] = /^\[worker (\d+)\] ?(.*)$/s.exec(title) ?? []
  if (number === undefined) return undefined
  const thread = Number(number)
  // What is no file is the program itself.
  return { thread, name: nameOfThread(thread, name), ...(url.startsWith("file:") ? { script: url } : {}) }
}
