/**
 * Threads of Node, and of Deno and Bun by their `node:worker_threads`. Found by asking the process, not by importing: bundles for browsers must not
 * contain it.
 */
import { bootMessage, bootOfThread, unreadable, unreadableError } from "./boot.ts"
import { nodeScript } from "./node-script.ts"
import type { Boot, HostThread, Platform, ThreadEnd, ThreadEvents, ThreadOptions, ThreadSide } from "./platform.ts"

/** As much of `node:worker_threads` as is needed: sources compile without Node's types. */
interface WorkerThreads {
  readonly threadId: number
  readonly isMainThread: boolean
  readonly parentPort: ParentPort | null
  readonly Worker: new (script: URL, options: object) => NodeWorker
  readonly MessageChannel: new () => { readonly port1: NodePort; readonly port2: NodePort }
  receiveMessageOnPort(port: NodePort): { readonly message: unknown } | undefined
}

interface NodeWorker {
  readonly threadId: number
  on(event: "error", listener: (error: unknown) => void): void
  on(event: "exit", listener: (code: number) => void): void
  postMessage(message: unknown, transfer: ReadonlyArray<unknown>): void
  terminate(): Promise<unknown>
  ref(): void
  unref(): void
}

interface ParentPort {
  on(event: "message", listener: (message: unknown) => void): void
  off(event: "message", listener: (message: unknown) => void): void
}

interface NodePort {
  on(event: "message" | "messageerror", listener: (message: unknown) => void): void
  postMessage(message: unknown, transfer?: ReadonlyArray<unknown>): void
  unref(): void
  close(): void
}

interface NodeProcess {
  readonly argv: ReadonlyArray<string>
  getBuiltinModule?(name: string): unknown
  getActiveResourcesInfo?(): ReadonlyArray<string>
}

interface NodeBoot extends Boot {
  readonly port: NodePort
  readonly scripts: ReadonlyArray<string>
  /** Where compiled code is kept, if it is. */
  readonly cache: string | undefined
  readonly loading?: Promise<unknown>
  readonly import?: (module: string) => Promise<unknown>
  isUp: boolean
}

const nodeProcess = (globalThis as { process?: NodeProcess }).process
const builtin = <T>(name: string): T | undefined => nodeProcess?.getBuiltinModule?.(name) as T | undefined
const threads = builtin<WorkerThreads>("node:worker_threads")
const global = globalThis as { [bootOfThread]?: NodeBoot }

/** One for the thread: each listens to its port. */
let ownSide: ThreadSide | undefined

export const node: Platform | undefined =
  threads === undefined
    ? undefined
    : {
        name: "node",
        cores: () => builtin<{ availableParallelism(): number }>("node:os")!.availableParallelism(),
        startThread: (boot, options, events) => new NodeThread(threads, boot, options, events),
        side: () => (ownSide ??= nodeSide(threads)),
        whenBooted: (listener) => whenBooted(threads, listener),
      }

class NodeThread implements HostThread {
  readonly #worker: NodeWorker
  readonly #port: NodePort
  readonly #events: ThreadEvents
  #error: unknown
  #hasMissed = false

  constructor(threads: WorkerThreads, boot: Boot, options: ThreadOptions, events: ThreadEvents) {
    const { port1, port2 } = new threads.MessageChannel()
    this.#port = port1
    this.#events = events
    const told: NodeBoot = {
      ...boot,
      port: port2,
      scripts: global[bootOfThread]?.scripts ?? programScripts(),
      // That it keeps compiled code a program may say for its own thread only, and threads load much the same. The folder's last part is the host's.
      cache: builtin<{ getCompileCacheDir?(): string | undefined }>("node:module")
        ?.getCompileCacheDir?.()
        ?.replace(/[\\/][^\\/]*$/, ""),
      isUp: false,
    }
    const { env, resourceLimits, worker } = options
    if (worker === undefined)
      this.#worker = new threads.Worker(nodeScript, {
        name: boot.name,
        workerData: told,
        transferList: [port2],
        ...(env === undefined ? {} : { env: given(env) }),
        ...(resourceLimits === undefined ? {} : { resourceLimits }),
      })
    else {
      this.#worker = worker() as unknown as NodeWorker
      this.#worker.postMessage({ [bootMessage]: { ...told, module: undefined } }, [port2])
    }
    this.#worker.unref()
    this.#worker.on("error", (error) => (this.#error ??= error))
    this.#worker.on("exit", (exitCode) => {
      // What it had posted comes after its end otherwise, and would be lost.
      const failed = (error: unknown) => this.#unreadable(error)
      for (let left = take(threads, port1, failed); left !== undefined; left = take(threads, port1, failed))
        this.#received(left.message)
      port1.close()
      const end: ThreadEnd = { error: this.#error, hasMissed: this.#hasMissed, exitCode }
      events.ended(end)
    })
    port1.on("message", (message) => this.#received(message))
    port1.on("messageerror", (error) => this.#unreadable(error))
    port1.unref()
  }

  #received(message: unknown): void {
    const [kind, why] = message as ReadonlyArray<unknown>
    if (kind !== unreadable) return this.#events.message(message)
    this.#hasMissed = true
    this.#unreadable(why)
  }

  /** What was in it nobody knows, so that nobody could be told but by the thread's end. */
  #unreadable(why: unknown): void {
    this.#error ??= unreadableError(why)
    this.terminate()
  }

  post(message: unknown, transfer: ReadonlyArray<object>): void {
    this.#port.postMessage(message, transfer)
  }

  terminate(): void {
    void this.#worker.terminate()
  }

  /** The worker and not the port, which a thread that crashes closes before its end is told. */
  setRef(isRef: boolean): void {
    if (isRef) this.#worker.ref()
    else this.#worker.unref()
  }
}

/** Without those that are undefined: a child process has none of that name, where a thread would have the text "undefined". */
const given = (env: NonNullable<ThreadOptions["env"]>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))

function take(
  threads: WorkerThreads,
  port: NodePort,
  failed: (error: unknown) => void,
): { readonly message: unknown } | undefined {
  try {
    return threads.receiveMessageOnPort(port)
  } catch (error) {
    // It is gone, and others may be behind it.
    failed(error)
    return take(threads, port, failed)
  }
}

/** What the program was started with. */
function programScripts(): ReadonlyArray<string> {
  const path = nodeProcess?.argv[1]
  const url = builtin<{ pathToFileURL(path: string): URL }>("node:url")
  return path === undefined || url === undefined ? [] : [url.pathToFileURL(path).href]
}

function nodeSide(threads: WorkerThreads): ThreadSide | undefined {
  const boot = global[bootOfThread]
  if (boot === undefined) return undefined
  boot.isUp = true
  const { port } = boot
  const failed = (error: unknown): void => port.postMessage([unreadable, String(error)])
  port.on("messageerror", failed)
  let own = 0
  return {
    boot,
    loading: boot.loading,
    import: boot.import,
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage(listener) {
      port.on("message", listener)
      own = active().length
    },
    take: () => take(threads, port, failed)?.message,
    canTake: true,
    isHostIdle() {
      const kinds = active()
      // One port more may be a BroadcastChannel of the program's, which a goroutine hears of by a host callback.
      return kinds.length <= own && kinds.every((kind) => kind === "MessagePort")
    },
    close: () => port.close(),
  }
}

/** What keeps this thread up. */
const active = (): ReadonlyArray<string> => nodeProcess?.getActiveResourcesInfo?.() ?? []

function whenBooted(threads: WorkerThreads, listener: (side: ThreadSide) => void): boolean {
  const { parentPort } = threads
  if (threads.isMainThread || parentPort === null || global[bootOfThread] !== undefined) return false
  const look = (message: unknown): void => {
    const boot = (message as { [bootMessage]?: NodeBoot } | null)?.[bootMessage]
    if (boot === undefined) return
    parentPort.off("message", look)
    global[bootOfThread] = boot
    listener(node!.side()!)
  }
  parentPort.on("message", look)
  return true
}
