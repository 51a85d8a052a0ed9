/**
 * The target's inspector: opened by a signal, used for one evaluation, and closed by the agent as soon as it is in.
 *
 * Nothing is asked of the process: Node and Deno open the inspector on loopback when they get SIGUSR1. The signal ends a process that does not catch it, so it is
 * sent only to one that does.
 */
import { get } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { type AgentOptions, callAgent, evaluateAgent, releaseAgent } from "../agent/expression.ts"
import { byItself, CannotAttach } from "./cannot-attach.ts"
import { InspectorSession } from "./inspector-session.ts"
import { hasProc, type LinuxProcess, linuxProcess, loopbackPorts } from "./linux-process.ts"

/** How long a process may take to open the port: one that is busy does it from a thread of its own. */
const openMillis = 3000
const pollMillis = 1
const signalMillis = 700
const mostSignals = 2
const usualPort = 9229
/** `--inspect-port=0`. */
const anyPort = 0

export interface Started {
  /** When the port was seen open first, by `performance.now()`. */
  readonly openedAt: number
  /** Whether it was open before: then it is somebody else's, and stays. */
  readonly wasOpen: boolean
}

/** Starts the agent in the main thread of a process that prepared nothing. */
export async function startByInspector(pid: number, source: string, options: AgentOptions): Promise<Started> {
  const before = look(pid)
  const open = await findInspector(before)
  if (open !== undefined) {
    await start(pid, open, source, options)
    return { openedAt: performance.now(), wasOpen: true }
  }
  // Loaded now, and not while the port is open.
  Reflect.get(globalThis, "WebSocket")
  const deadline = performance.now() + openMillis
  let signals = 0
  for (let signalAt = -Infinity; ;) {
    const openedAt = performance.now()
    // Again: somebody else's debugger may have had the port just then.
    if (openedAt >= signalAt && signals++ < mostSignals) {
      signal(pid)
      signalAt = openedAt + signalMillis
    }
    const port = hasProc ? newPort(before) : usualPort
    const url = port === undefined ? undefined : await socketOf(port, pid)
    if (url !== undefined) {
      await start(pid, url, source, { ...options, closesInspector: true })
      return { openedAt, wasOpen: false }
    }
    if (!isAlive(pid)) throw new CannotAttach(pid, "it has ended", "weft ps lists those that run")
    if (performance.now() > deadline) throw notOpened(pid)
    await delay(pollMillis)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGUSR1")
  } catch (error) {
    throw new CannotAttach(pid, (error as Error).message, "run weft as the user whose process it is")
  }
}

interface Before {
  readonly pid: number
  /** At which it listened. */
  readonly ports: ReadonlySet<number>
  readonly expected: number
}

function look(pid: number): Before {
  if (process.platform === "win32")
    throw new CannotAttach(pid, "Windows has no signal that opens the inspector", byItself)
  if (!hasProc) return { pid, ports: new Set(), expected: usualPort }
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
  return { pid, ports: loopbackPorts(pid), expected: inspectorPort(found) }
}

/**
 * The port that it has opened now. Only where an inspector is to be expected: whatever else the program listens on is none of ours, and must see no request of ours.
 */
function newPort({ ports, expected, pid }: Before): number | undefined {
  return [...loopbackPorts(pid)].find((port) => !ports.has(port) && (expected === anyPort || port === expected))
}

/** The inspector that is open already, by --inspect or another debugger. */
async function findInspector({ expected, pid, ports }: Before): Promise<string | undefined> {
  return ports.has(expected) ? socketOf(expected, pid) : undefined
}

/** Where Node opens its inspector, as its options say: `--inspect=9000`, `--inspect-port=127.0.0.1:0`. */
function inspectorPort({ argv, nodeOptions }: LinuxProcess): number {
  const options = [...nodeOptions.split(/\s+/), ...argv]
  const [port] = options
    .flatMap((word) => /^--inspect(?:-port|-brk|-wait|-publish-uid)?=(?:.*:)?(\d+)$/.exec(word)?.[1] ?? [])
    .slice(-1)
  return port === undefined ? usualPort : Number(port)
}

/** Its WebSocket, if it is an inspector at all, and of this process. */
async function socketOf(port: number, pid: number): Promise<string | undefined> {
  try {
    const targets = JSON.parse(await textAt(port, "/json/list")) as ReadonlyArray<{ webSocketDebuggerUrl?: string }>
    const url = targets[0]?.webSocketDebuggerUrl
    if (url === undefined || (!hasProc && (await pidAt(url)) !== pid)) return undefined
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

async function start(pid: number, url: string, source: string, options: AgentOptions): Promise<void> {
  try {
    await InspectorSession.with(url, async (session) => {
      const { objectId } = await session.ask(evaluateAgent(source))
      if (objectId === undefined) throw new Error("its inspector gave no function")
      await session.ask(callAgent(objectId, source, options))
      await session.ask(releaseAgent())
    })
  } catch (error) {
    throw new CannotAttach(pid, (error as Error).message, byItself)
  }
}

function pidAt(url: string): Promise<unknown> {
  return InspectorSession.with(url, async (session) => {
    const { value } = await session.ask({ method: "Runtime.evaluate", params: { expression: "process.pid" } })
    return value
  })
}

function notOpened(pid: number): CannotAttach {
  return new CannotAttach(
    pid,
    `its inspector did not open within ${openMillis / 1000} s (its port may be taken: it says so on its stderr; a container may keep its loopback apart; or the program handles SIGUSR1 itself)`,
    `run weft where it runs; or ${byItself}`,
  )
}
