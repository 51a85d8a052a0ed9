import type { InspectorRequest } from "../agent/expression.ts"

interface Remote {
  readonly objectId?: string
  readonly value?: unknown
}

interface Answer {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: {
    readonly result?: Remote
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
  }
}

/** A connection to an inspector, one question at a time. The port can only be closed once it is. */
export class InspectorSession {
  readonly #socket: WebSocket
  readonly #closed: Promise<void>
  #lastId = 0
  #answer: ((answer: Answer | Error) => void) | undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.#closed = new Promise((resolve) => {
      socket.onclose = () => {
        this.#answer?.(new Error("its inspector closed the connection"))
        resolve()
      }
    })
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      if (answer.id === this.#lastId) this.#answer?.(answer)
    }
  }

  /** Connects, works, and closes the connection: resolves when it is closed. */
  static async with<A>(url: string, work: (session: InspectorSession) => Promise<A>): Promise<A> {
    const session = await InspectorSession.#open(url)
    try {
      return await work(session)
    } finally {
      session.#socket.close()
      await session.#closed
    }
  }

  static #open(url: string): Promise<InspectorSession> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      socket.onopen = () => resolve(new InspectorSession(socket))
      socket.onerror = () => reject(new Error("its inspector refused the connection"))
    })
  }

  async ask(request: InspectorRequest): Promise<Remote> {
    const id = ++this.#lastId
    const answer = await new Promise<Answer | Error>((resolve) => {
      this.#answer = resolve
      this.#socket.send(JSON.stringify({ id, ...request }))
    })
    if (answer instanceof Error) throw answer
    const thrown = answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description
    if (thrown !== undefined) throw new Error(thrown)
    return answer.result?.result ?? {}
  }
}
