/**
 * Web Workers: of browsers, and of every host that has nothing but these.
 */
import type { Boot, HostThread, Platform, ThreadEvents, ThreadSide } from "./platform.ts"

/** As much of the web as is needed. */
interface Scope {
  readonly Worker?: new (url: string, options: { type: "module"; name: string }) => WebWorker
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly Blob?: typeof Blob
  readonly WorkerGlobalScope?: unknown
  [bootOfThread]?: Boot
  postMessage(message: unknown, transfer: ReadonlyArray<object>): void
  addEventListener(event: "message", listener: (event: { readonly data: unknown }) => void): void
  close(): void
}

interface WebWorker {
  postMessage(message: unknown, transfer?: ReadonlyArray<object>): void
  terminate(): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onerror: ((event: { readonly message?: string; readonly error?: unknown; preventDefault?(): void }) => void) | null
}

const bootOfThread = Symbol.for("@weft/workers.boot")
const scope = globalThis as unknown as Scope

/**
 * The thread's own script: it waits for what it is told, which is the first message, and imports this package from where the page has it.
 * Messages that come before the package listens are kept.
 */
const bootScript = `
  const early = []
  const keep = (event) => early.push(event.data)
  addEventListener("message", (event) => {
    globalThis[Symbol.for("@weft/workers.boot")] = { ...event.data, early, keep }
    addEventListener("message", keep)
    import(event.data.module).catch((error) => { setTimeout(() => { throw error }) })
  }, { once: true })
`

interface WebBoot extends Boot {
  readonly early: Array<unknown>
  readonly keep: (event: { readonly data: unknown }) => void
}

let scriptUrl: string | undefined

export const web: Platform | undefined =
  scope.Worker === undefined && (scope as { WorkerGlobalScope?: unknown }).WorkerGlobalScope === undefined
    ? undefined
    : {
        name: "web",
        cores: () => scope.navigator?.hardwareConcurrency ?? 2,
        startThread: (boot, _options, events) => new WebThread(boot, events),
        side: webSide,
      }

class WebThread implements HostThread {
  readonly number = undefined
  readonly take = undefined
  readonly #worker: WebWorker
  readonly #events: ThreadEvents
  #isEnded = false

  constructor(boot: Boot, events: ThreadEvents) {
    scriptUrl ??= URL.createObjectURL(new Blob([bootScript], { type: "text/javascript" }))
    this.#events = events
    this.#worker = new scope.Worker!(scriptUrl, { type: "module", name: boot.name })
    this.#worker.onmessage = ({ data }) => {
      if (data === closed) this.#end(undefined)
      else events.message(data)
    }
    this.#worker.onerror = (event) => {
      event.preventDefault?.()
      this.#worker.terminate()
      this.#end(event.error ?? new Error(event.message ?? "the worker's script could not be loaded"))
    }
    this.#worker.postMessage(boot)
  }

  post(message: unknown, transfer: ReadonlyArray<object>): void {
    this.#worker.postMessage(message, transfer)
  }

  terminate(): void {
    this.#worker.terminate()
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

/** The last message of a thread that ends by itself: the web tells nobody. */
const closed = "@weft/workers.closed"

function webSide(): ThreadSide | undefined {
  const boot = scope[bootOfThread] as WebBoot | undefined
  if (boot === undefined) return undefined
  return {
    boot,
    post: (message, transfer) => scope.postMessage(message, transfer),
    onMessage(listener) {
      ;(scope as unknown as EventTarget).removeEventListener("message", boot.keep as never)
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
