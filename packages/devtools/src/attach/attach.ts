import { existsSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { runInThisContext } from "node:vm"
import { loadAgentSource } from "#agent-source"
import type { AgentOptions } from "../agent/expression.ts"
import { SourceMaps } from "../source-maps/source-maps.ts"
import type { AttachedProcess } from "./attached.ts"
import { Attachment } from "./attachment.ts"
import { byItself, CannotAttach } from "./cannot-attach.ts"
import { startByInspector } from "./inspector.ts"
import { Listener } from "./listener.ts"
import { takePortTurn } from "./port-lock.ts"
import { doorOf, keyOf } from "./private-folder.ts"
import type { ThreadLink } from "./thread-link.ts"

/** How long the agent in the main thread may take: it connects when the program gives way to its event loop. */
const answerMillis = 10_000

/**
 * Attaches to a process, this one included, that need not have prepared anything.
 *
 * Laws
 * - Nothing that the program does is changed: it is looked at.
 * - `detach`, or the end of either process, removes all of it from the other.
 *
 * Errors: {@link CannotAttach}, which says why and what to do.
 *
 * @example
 * await using attached = await attach(pid)
 * console.log((await attached.dump()).threads)
 *
 * @since 0.3.0
 */
export const attach = (pid: number): Promise<AttachedProcess> => attachTo(pid, {})

/** @internal `own` goes to the agent of this thread, if it is this process that is attached to. */
export async function attachTo(pid: number, own: Pick<AgentOptions, "onEvent">): Promise<AttachedProcess> {
  const source = await loadAgentSource()
  const links = new Set<ThreadLink>()
  const waiting: { attached?: Attachment; onMain?: (main: ThreadLink) => void } = {}
  const listener = await Listener.open((link) => {
    links.add(link)
    void link.ended.then(() => links.delete(link))
    if (link.hello.thread === 0) waiting.onMain?.(link)
    waiting.attached?.added(link)
  })
  try {
    const main = new Promise<ThreadLink>((resolve) => (waiting.onMain = resolve))
    const way = await letIn(pid, source, { ...own, path: listener.path, token: listener.token })
    try {
      const attached = new Attachment(await withinTime(pid, main), links, new SourceMaps(), listener)
      if (way.openedAt !== undefined) await attached.closeInspector(way.openedAt)
      waiting.attached = attached
      return attached
    } finally {
      way.endTurn()
    }
  } catch (error) {
    listener.close()
    throw error
  }
}

interface Way {
  /** Since when the inspector is open that is to be closed again. */
  readonly openedAt?: number
  /** The inspector's port may be somebody else's. */
  endTurn(this: void): void
}

const withoutPort: Way = { endTurn: () => undefined }

/** Has the agent started there. */
async function letIn(pid: number, source: string, options: AgentOptions): Promise<Way> {
  if (pid === process.pid) {
    // Of one text an engine keeps one script.
    ;(runInThisContext(`(${source})`) as (source: string, options: AgentOptions) => void)(source, options)
    return withoutPort
  }
  if (existsSync(doorOf(pid)) && (await knock(pid, options))) return withoutPort
  const endTurn = await takePortTurn()
  try {
    const { openedAt, wasOpen } = await startByInspector(pid, source, options)
    return wasOpen ? { endTurn } : { openedAt, endTurn }
  } catch (error) {
    endTurn()
    throw error
  }
}

/** Asks a process that listens by itself. False: its socket is left over from one that is gone. */
function knock(pid: number, options: AgentOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(doorOf(pid))
    socket.on("error", () => resolve(false))
    socket.on("connect", () => {
      const key = readFileSync(keyOf(pid), "utf8")
      socket.end(`${JSON.stringify({ key, ...options })}\n`)
      resolve(true)
    })
  })
}

function withinTime(pid: number, main: Promise<ThreadLink>): Promise<ThreadLink> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new CannotAttach(
            pid,
            `its main thread has not given way to its event loop for ${answerMillis / 1000} s`,
            `it is busy in code of its own: take a CPU profile, or wait; if this goes on, ${byItself}`,
          ),
        ),
      answerMillis,
    )
    void main.then((link) => {
      clearTimeout(timer)
      resolve(link)
    })
  })
}
