/**
 * Where the agents of a target's threads connect: a socket in the private folder, for one attachment. Who does not show its token within a moment is cut off.
 */
import { randomBytes, timingSafeEqual } from "node:crypto"
import { chmodSync, rmSync } from "node:fs"
import { createServer, type Server, type Socket } from "node:net"
import { join } from "node:path"
import { removeLeftoverSockets } from "./leftover-sockets.ts"
import { privateFolder } from "./private-folder.ts"
import type { ThreadLink } from "./thread-link.ts"
import { welcome } from "./welcome.ts"

export class Listener {
  readonly path: string
  readonly token: string = randomBytes(24).toString("base64url")
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #links = new Set<ThreadLink>()
  #isUnref = false

  private constructor(onThread: (link: ThreadLink) => void) {
    this.path = join(privateFolder(), `${process.pid}-${randomBytes(6).toString("hex")}.sock`)
    this.#server = createServer((socket) => this.#welcome(socket, onThread))
  }

  static async open(onThread: (link: ThreadLink) => void): Promise<Listener> {
    await removeLeftoverSockets()
    const listener = new Listener(onThread)
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject)
      listener.#server.listen(listener.path, resolve)
    })
    chmodSync(listener.path, 0o600)
    return listener
  }

  #welcome(socket: Socket, onThread: (link: ThreadLink) => void): void {
    this.#sockets.add(socket)
    socket.once("close", () => this.#sockets.delete(socket))
    welcome(socket, {
      admit: (hello) => (this.#isToken(hello.token) ? hello : undefined),
      onThread: (link) => {
        this.#links.add(link)
        void link.ended.then(() => this.#links.delete(link))
        if (this.#isUnref) link.unref()
        onThread(link)
      },
    })
  }

  #isToken(shown: unknown): boolean {
    const [a, b] = [Buffer.from(String(shown)), Buffer.from(this.token)]
    return a.length === b.length && timingSafeEqual(a, b)
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    rmSync(this.path, { force: true })
  }

  /** The process may end though it listens. */
  unref(): void {
    this.#server.unref()
    for (const link of this.#links) link.unref()
    this.#isUnref = true
  }
}
