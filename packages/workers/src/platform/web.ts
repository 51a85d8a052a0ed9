/**
 * Web Workers: of browsers, and of every host that has nothing but these.
 */
import { bootMessage, bootOfThread, importScript } from "./boot.ts"
import type { Boot, HostThread, Platform, ThreadEvents, ThreadOptions, ThreadSide } from "./platform.ts"

/** As much of the web as is needed. */
interface Scope {
  readonly Worker?: new (url: string, options: { type: "module"; name: string }) => WebWorker
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly WorkerGlobalScope?: unknown
  [bootOfThread]?: WebBoot
  postMessage(message: unknown, transfer: ReadonlyArray<Transferable>): void
  addEventListener(event: "message", listener: MessageListener): void
  removeEventListener(event: "message", listener: MessageListener): void
  close(): void
}

type MessageListener = (event: { readonly data: unknown }) => void

interface WebWorker {
  postMessage(message: unknown, transfer?: ReadonlyArray<Transferable>): void
  terminate(): void
  onmessage: MessageListener | null
  onerror: ((event: { readonly message?: string; readonly error?: unknown; preventDefault?(): void }) => void) | null
}

interface WebBoot extends Boot {
  /** Messages that came before this package listened, and what keeps them. */
  readonly early: Array<unknown>
  readonly keep: MessageListener
  isUp: boolean
}

const scope = globalThis as unknown as Scope

/** What it is told is the first message. Messages that come before the package listens are kept. */
const bootScript = `${importScript}
  const early = []
  const keep = (event) => early.push(event.data)
  addEventListener("message", (event) => {
    addEventListener("message", keep)
    start({ ...event.data["${bootMessage}"], early, keep }, (error) => setTimeout(() => { throw error }))
  }, { once: true })
`

let scriptUrl: string | undefined

export const web: Platform | undefined =
  scope.Worker === undefined && scope.WorkerGlobalScope === undefined
    ? undefined
    : {
        name: "web",
        cores: () => scope.navigator?.hardwareConcurrency ?? 2,
        startThread: (boot, options, events) => new WebThread(boot, options, events),
        side: webSide,
        whenBooted,
      }

class WebThread implements HostThread {
  readonly number = undefined
  readonly take = undefined
  readonly #events: ThreadEvents
  #worker: WebWorker | undefined
  #hasSpoken = false
  #isEnded = false

  constructor(boot: Boot, options: ThreadOptions, events: ThreadEvents) {
    this.#events = events
    try {
      this.#start(boot, options)
    } catch (error) {
      // Where a page's policy refuses it some browsers throw, others tell later.
      queueMicrotask(() => this.#end(error))
    }
  }

  #start(boot: Boot, { worker }: ThreadOptions): void {
    const started = (this.#worker = worker === undefined ? startWorker(boot.name) : (worker() as unknown as WebWorker))
    started.onmessage = ({ data }) => {
      this.#hasSpoken = true
      if (data === closed) this.#end(undefined)
      else this.#events.message(data)
    }
    started.onerror = (event) => {
      event.preventDefault?.()
      started.terminate()
      this.#end(event.error ?? new Error(event.message ?? (this.#hasSpoken ? "an error that it does not tell" : refused)))
    }
    started.postMessage({ [bootMessage]: worker === undefined ? boot : { ...boot, module: undefined } })
  }

  post(message: unknown, transfer: ReadonlyArray<Transferable>): void {
    this.#worker?.postMessage(message, transfer)
  }

  terminate(): void {
    this.#worker?.terminate()
    queueMicrotask(() => this.#end(undefined))
  }

  /** Web Workers keep no page open. */
  setRef(_isRef: boolean): void {}

  #end(error: unknown): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#events.ended({ error, exitCode: undefined })
  }
}

const refused =
  "its script could not be loaded; where a Content-Security-Policy forbids workers from blob: supply them, by the pool's option `worker`"

function startWorker(name: string): WebWorker {
  scriptUrl ??= URL.createObjectURL(new Blob([bootScript], { type: "text/javascript" }))
  return new scope.Worker!(scriptUrl, { type: "module", name })
}

/** The last message of a thread that ends by itself: the web tells nobody. */
const closed = "@weft/workers.closed"

function webSide(): ThreadSide | undefined {
  const boot = scope[bootOfThread]
  if (boot === undefined) return undefined
  boot.isUp = true
  return {
    boot,
    post: (message, transfer) => scope.postMessage(message, transfer),
    onMessage(listener) {
      scope.removeEventListener("message", boot.keep)
      scope.addEventListener("message", ({ data }) => listener(data))
      for (const message of boot.early.splice(0)) listener(message)
    },
    take: () => undefined,
    canTake: false,
    close() {
      scope.postMessage(closed, [])
      scope.close()
    },
  }
}

function whenBooted(listener: (side: ThreadSide) => void): boolean {
  if (scope.WorkerGlobalScope === undefined || scope[bootOfThread] !== undefined) return false
  const look: MessageListener = ({ data }) => {
    const boot = (data as { [bootMessage]?: Boot } | null)?.[bootMessage]
    if (boot === undefined) return
    scope.removeEventListener("message", look)
    scope[bootOfThread] = { ...boot, early: [], keep: look, isUp: false }
    listener(webSide()!)
  }
  scope.addEventListener("message", look)
  return true
}
