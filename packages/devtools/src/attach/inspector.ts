/**
 * The target's inspector: opened by a signal, used for one evaluation, and closed by the agent as soon as it is in.
 *
 * Nothing is asked of the process: Node and Deno open the inspector on loopback when they get SIGUSR1. The signal ends a process that does not catch it, so it is
 * sent only to one that does.
 */
import { get } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { byItself, CannotAttach } from "./cannot-attach.ts"
import { hasProc, linuxProcess, loopbackPorts } from "./linux-process.ts"

/** How long a process may take to open the port: one that is busy does it from a thread of its own. */
const openMillis = 3000
const pollMillis = 1
const usualPort = 9229

export interface Evaluated {
  /** What the expression gave. */
  readonly value: unknown
  /** When the port was seen open first, by `performance.now()`. */
  readonly openedAt: number
  /** Whether it was open before: then it is somebody else's, and stays. */
  readonly wasOpen: boolean
}

/** Evaluates in the main thread of a process that prepared nothing. */
export async function evaluateByInspector(pid: number, expression: string): Promise<Evaluated> {
  const before = look(pid)
  const open = await findInspector(pid, before)
  if (open !== undefined)
    return { value: await evaluate(pid, open, expression), openedAt: performance.now(), wasOpen: true }
  // Loaded now, and not while the port is open.
  void WebSocket.CLOSED
  try {
    process.kill(pid, "SIGUSR1")
  } catch (error) {
    throw new CannotAttach(pid, (error as Error).message, "run weft as the user whose process it is")
  }
  const deadline = performance.now() + openMillis
  for (;;) {
    const opened = performance.now()
    const port = hasProc ? newPort(before, loopbackPorts(pid)) : usualPort
    const socket = port === undefined ? undefined : await socketOf(port, pid)
    if (socket !== undefined)
      return { value: await evaluate(pid, socket, expression), openedAt: opened, wasOpen: false }
    if (performance.now() > deadline) throw notOpened(pid)
    await delay(pollMillis)
  }
}

function look(pid: number): Set<number> {
  if (process.platform === "win32")
    throw new CannotAttach(pid, "Windows has no signal that opens the inspector", byItself)
  if (!hasProc) return new Set()
  const found = linuxProcess(pid)
  if (found === undefined)
    throw new CannotAttach(
      pid,
      "there is no such process, or /proc may not be read",
      "weft ps lists those that can be attached to",
    )
  const { argv, catchesUsr1, program, uid } = found
  if (uid !== process.getuid?.() && process.getuid?.() !== 0)
    throw new CannotAttach(pid, `it belongs to another user (uid ${uid})`, "run weft as that user")
  if (/^bun/.test(program)) throw new CannotAttach(pid, "Bun opens no inspector on a signal", byItself)
  if (!/^(node|deno|nodejs|MainThread)/.test(program))
    throw new CannotAttach(
      pid,
      `it runs ${program}, which is neither Node nor Deno`,
      "weft ps lists those that can be attached to",
    )
  if (!catchesUsr1)
    throw new CannotAttach(
      pid,
      argv.some((word) => word.startsWith("--disable-sigusr1"))
        ? "it was started with --disable-sigusr1"
        : "it does not catch SIGUSR1, which would end it (started with --disable-sigusr1, or still starting)",
      byItself,
    )
  return loopbackPorts(pid)
}

const newPort = (before: Set<number>, now: Set<number>): number | undefined =>
  [...now].find((port) => !before.has(port))

/** The inspector that is open already, by --inspect or another debugger. */
async function findInspector(pid: number, ports: Set<number>): Promise<string | undefined> {
  for (const port of ports) {
    const socket = await socketOf(port, pid)
    if (socket !== undefined) return socket
  }
  return undefined
}

/** Its WebSocket, if it is an inspector at all, and of this process. */
async function socketOf(port: number, pid: number): Promise<string | undefined> {
  try {
    const targets = JSON.parse(await textAt(port, "/json/list")) as ReadonlyArray<{ webSocketDebuggerUrl?: string }>
    const url = targets[0]?.webSocketDebuggerUrl
    if (url === undefined || (!hasProc && (await evaluateAt(url, "process.pid")) !== pid)) return undefined
    return url
  } catch {
    return undefined
  }
}

/** Not `fetch`, which takes longer to load than all the rest while the port is open. */
function textAt(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, timeout: 1000, agent: false }, (response) => {
      const parts: Array<Buffer> = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("end", () => resolve(Buffer.concat(parts).toString()))
      response.on("error", reject)
    })
    request.on("timeout", () => request.destroy())
    request.on("error", reject)
  })
}

async function evaluate(pid: number, url: string, expression: string): Promise<unknown> {
  try {
    return await evaluateAt(url, expression)
  } catch (error) {
    throw new CannotAttach(pid, (error as Error).message, byItself)
  }
}

interface Answer {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: {
    readonly result: { readonly value?: unknown }
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
  }
}

function evaluateAt(url: string, expression: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.onerror = () => reject(new Error("its inspector refused the connection"))
    socket.onclose = () => reject(new Error("its inspector closed the connection"))
    socket.onopen = () =>
      socket.send(
        JSON.stringify({
          id: 1,
          method: "Runtime.evaluate",
          params: { expression, returnByValue: true, silent: true },
        }),
      )
    socket.onmessage = ({ data }) => {
      const { error, id, result } = JSON.parse(String(data)) as Answer
      if (id !== 1) return
      // The port can only be closed once nobody is connected.
      socket.onclose = () => {
        const thrown = error?.message ?? result?.exceptionDetails?.exception?.description
        if (thrown === undefined) resolve(result?.result.value)
        else reject(new Error(thrown))
      }
      socket.close()
    }
  })
}

function notOpened(pid: number): CannotAttach {
  return new CannotAttach(
    pid,
    `its inspector did not open within ${openMillis / 1000} s (its port may be taken: it says so on its stderr; or a container keeps its loopback apart)`,
    `run weft where it runs; or ${byItself}`,
  )
}
