/**
 * OwnInspector: a session with this thread's own inspector, in which no JavaScript runs while it works.
 *
 * `inspector.Session` calls its listeners in the midst of a command. Whenever a function is called, V8 also does what other threads have asked of this one, and so Node
 * takes a thread that has ended out of the table of threads. `NodeWorker.enable` walks that table as it tells its listener of each, and a thread that ended just then
 * ended the process (SIGSEGV, up to Node 24 at least: one in forty attachments to a process whose threads come and go all the time). Here what the inspector says goes into a
 * port, by a function of the host's own, and is read when the command is over. That takes the connection below `inspector.Session`; where a host does not
 * have it, the session.
 */
import type { MessageChannel } from "node:worker_threads"
import { node } from "./node.ts"

interface Connection {
  dispatch(message: string): void
  disconnect(): void
}

type Binding = (name: "inspector") => { readonly Connection?: new (onMessage: (message: string) => void) => Connection }

export interface InspectorMessage {
  readonly method?: string
  readonly params?: unknown
}

export class OwnInspector {
  readonly #connection: Connection
  readonly #ports: MessageChannel
  readonly #onMessage: (message: InspectorMessage) => void
  #lastId = 0

  constructor(onMessage: (message: InspectorMessage) => void) {
    this.#onMessage = onMessage
    this.#ports = new node.threads.MessageChannel()
    const { port1, port2 } = this.#ports
    // The host's own function, without a line of JavaScript around it.
    const post = port1.postMessage.bind(port1) as (message: string) => void
    this.#connection = connect(post)
    port2.on("message", (message: string) => this.#take(message))
    // What is only looked at may end.
    port2.unref()
  }

  /** Commands, and hands over what has been said by the time that returns. */
  post(method: string, params: object): void {
    this.#connection.dispatch(JSON.stringify({ id: ++this.#lastId, method, params }))
    const { receiveMessageOnPort } = node.threads
    const { port2 } = this.#ports
    for (let said = receiveMessageOnPort(port2); said !== undefined; said = receiveMessageOnPort(port2))
      this.#take((said as { readonly message: string }).message)
  }

  #take(message: string): void {
    this.#onMessage(JSON.parse(message) as InspectorMessage)
  }

  close(): void {
    this.#connection.disconnect()
    this.#ports.port1.close()
  }
}

function connect(onMessage: (message: string) => void): Connection {
  const { Connection } = bindingOf(process as unknown as { readonly binding?: Binding }) ?? {}
  if (Connection !== undefined) return new Connection(onMessage)
  const session = new node.inspector.Session()
  session.connect()
  session.on("inspectorNotification", (message: object) => onMessage(JSON.stringify(message)))
  return {
    dispatch: (message) => {
      const { method, params } = JSON.parse(message) as { readonly method: string; readonly params: object }
      ;(session as { post(method: string, params: object): void }).post(method, params)
    },
    disconnect: () => session.disconnect(),
  }
}

function bindingOf(host: { readonly binding?: Binding }): ReturnType<Binding> | undefined {
  try {
    return host.binding?.("inspector")
  } catch {
    // Forbidden (`--permission`), or gone in a later Node.
    return undefined
  }
}
