import { type Command, type Reply, WireKind } from "../format/wire.ts"

interface Client {
  sendJson(kind: number, value: unknown): void
  close(): void
}

/** Obeys a client, one command after the other: it may ask for more than it reads. */
export class CommandQueue {
  readonly #client: Client
  readonly #obey: (command: Command) => Promise<unknown>
  #last: Promise<void> = Promise.resolve()
  #isOver = false

  /** `obey` answers the value to reply; an error's words are replied too. */
  constructor(client: Client, obey: (command: Command) => Promise<unknown>) {
    this.#client = client
    this.#obey = obey
  }

  take(command: Command): void {
    this.#last = this.#last.then(() => this.#take(command))
  }

  async #take(command: Command): Promise<void> {
    // It waited for others when the connection ended.
    if (this.#isOver) return
    try {
      const value = await this.#obey(command)
      this.reply({ id: command.id, value })
    } catch (error) {
      this.reply({ id: command.id, error: error instanceof Error ? error.message : String(error) })
    }
    if (command.do === "detach") this.#client.close()
  }

  reply(reply: Reply): void {
    this.#client.sendJson(WireKind.Reply, reply)
  }

  /** The connection has ended: what still waits is not obeyed. */
  end(): void {
    this.#isOver = true
  }
}
