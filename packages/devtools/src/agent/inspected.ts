/**
 * This thread's own inspector, reached from within: it needs no port. It collects garbage, and runs the agent in threads that this one has started.
 */
import type { Session } from "node:inspector"
import { type AgentOptions, callAgent, evaluateAgent, type InspectorRequest, releaseAgent } from "./expression.ts"
import type { SilentThread } from "../format/silent-thread.ts"
import { hasInspectorWithin, node } from "./node.ts"
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
  readonly params: {
    readonly sessionId: string
    /** Not of every host. */
    readonly workerInfo?: { readonly title?: string; readonly url?: string }
  }
}

interface FromWorker {
  readonly params: { readonly sessionId: string; readonly message: string }
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
  readonly #session: Session
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
    this.#session = new node.inspector.Session()
    this.#session.connect()
    this.#on("NodeWorker.attachedToWorker", ({ params }: OfWorker) => this.#appeared(params))
    this.#on("NodeWorker.detachedFromWorker", ({ params: { sessionId } }: OfWorker) => this.#gone(sessionId))
    this.#on("NodeWorker.receivedMessageFromWorker", ({ params }: FromWorker) =>
      this.#answered(params.sessionId, JSON.parse(params.message) as Answer),
    )
    // Tells of those that are there before it returns.
    this.#post("NodeWorker.enable", { waitForDebuggerOnStart: false })
  }

  #appeared({ sessionId, workerInfo }: OfWorker["params"]): void {
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
    this.#post("NodeWorker.sendMessageToWorker", { sessionId, message })
  }

  #on<T>(event: string, listener: (message: T) => void): void {
    this.#session.on(event, listener)
  }

  #post(method: string, params: object): void {
    ;(this.#session as { post(method: string, params: object): void }).post(method, params)
  }

  close(): void {
    this.#threads.clear()
    this.#session.disconnect()
  }
}

/** Of what Node calls it: "[worker 3] its name". Its `workerId` is that of the session. */
function threadOf({ title = "", url = "" }: OfWorker["params"]["workerInfo"] = {}): SilentThread | undefined {
  const [, number, name = ""] = /^\[worker (\d+)\] ?(.*)$/s.exec(title) ?? []
  if (number === undefined) return undefined
  const thread = Number(number)
  // What is no file is the program itself.
  return { thread, name: nameOfThread(thread, name), ...(url.startsWith("file:") ? { script: url } : {}) }
}
