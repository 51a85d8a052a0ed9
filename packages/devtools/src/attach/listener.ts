/**
 * Where the agents of a target's threads connect: a socket in the private folder, for one attachment. Who does not show its token within a moment is cut off.
 */
import { randomBytes, timingSafeEqual } from "node:crypto"
import { chmodSync, rmSync } from "node:fs"
import { createServer, type Server, type Socket } from "node:net"
import { join } from "node:path"
import { type Hello, WireKind } from "../format/wire.ts"
import { privateFolder } from "./private-folder.ts"
import { type Frame, FrameCutter, ThreadLink } from "./thread-link.ts"

const helloMillis = 10_000
const longestHello = 1_000_000

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
    const listener = new Listener(onThread)
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject)
      listener.#server.listen(listener.path, resolve)
    })
    chmodSync(listener.path, 0o600)
    return listener
  }

  #welcome(socket: Socket, onThread: (link: ThreadLink) => void): void {
    const cutter = new FrameCutter()
    const timeout = setTimeout(() => socket.destroy(), helloMillis)
    let link: ThreadLink | undefined
    this.#sockets.add(socket)
    socket.on("error", () => socket.destroy())
    socket.once("close", () => {
      clearTimeout(timeout)
      this.#sockets.delete(socket)
    })
    socket.on("data", (bytes) => {
      try {
        for (const frame of cutter.push(bytes)) {
          if (link === undefined) link = this.#admit(socket, frame, timeout, onThread)
          else link.take(frame)
        }
      } catch {
        socket.destroy()
      }
    })
  }

  /** Throws unless the frame is a hello with the token. */
  #admit(
    socket: Socket,
    { kind, payload }: Frame,
    timeout: NodeJS.Timeout,
    onThread: (link: ThreadLink) => void,
  ): ThreadLink {
    if (kind !== WireKind.Hello || payload.length > longestHello) throw new Error("no hello")
    const hello = JSON.parse(payload.toString()) as Hello
    if (!this.#isToken(hello.token)) throw new Error("no token")
    clearTimeout(timeout)
    const link = new ThreadLink(socket, hello)
    this.#links.add(link)
    void link.ended.then(() => this.#links.delete(link))
    if (this.#isUnref) link.unref()
    onThread(link)
    return link
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
