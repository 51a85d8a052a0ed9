/**
 * Web Workers: of browsers, and of every host that has nothing but these.
 */
import { afterThis } from "../host.ts"
import { bootMessage, bootOfThread, startFunction, unreadable, unreadableError } from "./boot.ts"
import type { Boot, HostThread, Platform, ThreadEvents, ThreadOptions, ThreadSide } from "./platform.ts"

/** As much of the web as is needed. */
interface Scope {
  readonly Worker?: new (url: string, options: { type: "module"; name: string }) => WebWorker
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly WorkerGlobalScope?: unknown
  readonly document?: { readonly scripts: Iterable<{ readonly src: string }> }
  [bootOfThread]?: WebBoot
  postMessage(message: unknown, transfer: ReadonlyArray<object>): void
  addEventListener(event: "message" | "messageerror", listener: MessageListener): void
  removeEventListener(event: "message", listener: MessageListener): void
  close(): void
}

type MessageListener = (event: { readonly data: unknown }) => void

interface WebWorker {
  postMessage(message: unknown, transfer?: ReadonlyArray<object>): void
  terminate(): void
  onmessage: MessageListener | null
  onmessageerror: MessageListener | null
  onerror: ((event: { readonly message?: string; readonly error?: unknown; preventDefault?(): void }) => void) | null
}

interface WebBoot extends Boot {
  readonly loading?: Promise<unknown>
  readonly import?: (module: string) => Promise<unknown>
  isUp: boolean
}

const scope = globalThis as unknown as Scope

/** One for the thread: each listens to it. */
let ownSide: ThreadSide | undefined

/**
 * What it is told is the first message.
 *
 * Vite begins the bundle of a page with one look at `document`, whether it preloads modules by itself: before anything else, so that the thread fails.
 * For bundles of which that is known, a document is there for the first look at it.
 */
const bootScript = `${startFunction}
  addEventListener("message", (event) => {
    const { boot, scripts, mayLook } = event.data["${bootMessage}"]
    if (mayLook) Object.defineProperty(globalThis, "document", {
      configurable: true,
      get() {
        delete globalThis.document
        return { createElement: () => ({ relList: { supports: () => true } }) }
      },
    })
    start(boot, scripts, (error) => setTimeout(() => { throw error }))
  }, { once: true })
`

let scriptUrl: string | undefined

/** Whether threads have a document for the first look: one has failed without. */
let mayLook = false

export const web: Platform | undefined =
  scope.Worker === undefined && scope.WorkerGlobalScope === undefined
    ? undefined
    : {
        name: "web",
        cores: () => scope.navigator?.hardwareConcurrency ?? 2,
        startThread: (boot, options, events) => new WebThread(boot, options, events),
        side: () => (ownSide ??= webSide()),
        whenBooted,
      }

class WebThread implements HostThread {
  readonly #boot: WebBoot
  readonly #supply: ThreadOptions["worker"]
  readonly #events: ThreadEvents
  #worker: WebWorker | undefined
  /** What was posted before the thread has said that it is up; undefined since. */
  #early: Array<[message: unknown, transfer: ReadonlyArray<object>]> | undefined = []
  #isEnded = false

  constructor(boot: Boot, { worker }: ThreadOptions, events: ThreadEvents) {
    this.#boot = { ...boot, module: worker === undefined ? boot.module : undefined, isUp: false }
    this.#supply = worker
    this.#events = events
    this.#start()
  }

  #start(): void {
    try {
      const worker = (this.#worker =
        this.#supply === undefined ? startWorker(this.#boot.name) : (this.#supply() as unknown as WebWorker))
      worker.onmessage = ({ data }) => this.#received(data)
      worker.onmessageerror = () => this.#unreadable(undefined)
      worker.onerror = (event) => {
        event.preventDefault?.()
        worker.terminate()
        this.#failed(event.error ?? (event.message === undefined ? undefined : new Error(event.message)))
      }
      const scripts = [...(scope.document?.scripts ?? [])].flatMap(({ src }) => (src === "" ? [] : [src]))
      worker.postMessage({ [bootMessage]: { boot: this.#boot, scripts, mayLook } })
    } catch (error) {
      // Where a page's policy refuses it some browsers throw, others tell later.
      afterThis(() => this.#end(error))
    }
  }

  #received(message: unknown): void {
    if (message === closed) return this.#end(undefined)
    // No message of ours is null: so browsers give what they could not read.
    if (message === null) return this.#unreadable(undefined)
    const [kind, why] = message as ReadonlyArray<unknown>
    if (kind === unreadable) return this.#unreadable(why, true)
    const early = this.#early
    this.#early = undefined
    for (const [message, transfer] of early ?? []) this.post(message, transfer)
    this.#events.message(message)
  }

  /** What was in it nobody knows, so that nobody could be told but by the thread's end. */
  #unreadable(why: unknown, hasMissed = false): void {
    this.#worker!.terminate()
    this.#end(unreadableError(why), hasMissed)
  }

  #failed(error: unknown): void {
    if (this.#early === undefined) return this.#end(error ?? new Error("it does not tell of what"))
    if (!mayLook && this.#supply === undefined && /\bdocument\b/.test(String(error))) {
      mayLook = true
      return this.#start()
    }
    this.#end(error ?? new Error(refused))
  }

  post(message: unknown, transfer: ReadonlyArray<object>): void {
    if (this.#early === undefined) this.#worker!.postMessage(message, transfer)
    else this.#early.push([message, transfer])
  }

  terminate(): void {
    this.#worker?.terminate()
    afterThis(() => this.#end(undefined))
  }

  /** Web Workers keep no page open. */
  setRef(_isRef: boolean): void {}

  #end(error: unknown, hasMissed = false): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#events.ended({ error, hasMissed, exitCode: undefined })
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
  const failed = (): void => scope.postMessage([unreadable], [])
  scope.addEventListener("messageerror", failed)
  return {
    boot,
    loading: boot.loading,
    import: boot.import,
    post: (message, transfer) => scope.postMessage(message, transfer),
    onMessage(listener) {
      scope.addEventListener("message", ({ data }) => (data === null ? failed() : listener(data)))
    },
    take: () => undefined,
    canTake: false,
    isHostIdle: () => true,
    close() {
      scope.postMessage(closed, [])
      scope.close()
    },
  }
}

function whenBooted(listener: (side: ThreadSide) => void): boolean {
  if (scope.WorkerGlobalScope === undefined || scope[bootOfThread] !== undefined) return false
  const look: MessageListener = ({ data }) => {
    const told = (data as { [bootMessage]?: { boot: WebBoot } } | null)?.[bootMessage]
    if (told === undefined) return
    scope.removeEventListener("message", look)
    scope[bootOfThread] = told.boot
    listener(web!.side()!)
  }
  scope.addEventListener("message", look)
  return true
}
