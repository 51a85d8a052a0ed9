/**
 * The socket on which a process listens by itself. All it takes is one line: a key, and where the agents are to connect; from there on it is as if somebody had come in by the
 * inspector. Whoever sends anything else is cut off, without an answer.
 */
import { randomBytes, timingSafeEqual } from "node:crypto"
import { chmodSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { runInThisContext } from "node:vm"
import { isMainThread } from "node:worker_threads"
import { loadAgentSource } from "#agent-source"
import type { AgentOptions } from "../agent/expression.ts"
import { doorOf, keyOf } from "./private-folder.ts"

const longestLine = 4096
const lineMillis = 5000

/** Opens it, for the life of the process, which it does not keep up. In threads it does nothing: they are reached from the main one. */
export async function openDoor(): Promise<void> {
  if (!isMainThread) return
  const source = await loadAgentSource()
  const start = runInThisContext(`(${source})`) as (source: string, options: AgentOptions) => void
  const key = randomBytes(24).toString("base64url")
  const path = doorOf(process.pid)
  rmSync(path, { force: true })
  writeFileSync(keyOf(process.pid), key, { mode: 0o600 })
  const server = createServer((socket) =>
    readLine(socket, (line) => letIn(line, key, (options) => start(source, options))),
  )
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  process.on("exit", () => {
    rmSync(path, { force: true })
    rmSync(keyOf(process.pid), { force: true })
  })
}

function readLine(socket: Socket, onLine: (line: string) => void): void {
  let text = ""
  socket.unref()
  socket.setTimeout(lineMillis, () => socket.destroy())
  socket.on("error", () => socket.destroy())
  socket.setEncoding("utf8")
  socket.on("data", (part: string) => {
    text += part
    const end = text.indexOf("\n")
    if (end >= 0 || text.length > longestLine) socket.destroy()
    if (end >= 0 && end <= longestLine) onLine(text.slice(0, end))
  })
}

function letIn(line: string, key: string, start: (options: AgentOptions) => void): void {
  try {
    const { key: shown, path, token } = JSON.parse(line) as Record<"key" | "path" | "token", unknown>
    if (typeof path !== "string" || typeof token !== "string" || !isSame(String(shown), key)) return
    start({ path, token })
  } catch {
    // No line of ours.
  }
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}
