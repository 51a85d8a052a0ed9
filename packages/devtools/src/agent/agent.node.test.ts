import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runInThisContext } from "node:vm"
import { Worker } from "node:worker_threads"
import { expect, it, vi } from "vitest"
import { loadAgentSource } from "#agent-source"
import type { AgentOptions } from "./expression.ts"
import { ThreadStarter } from "./inspected.ts"

const socketPath = (): string => join(tmpdir(), `weft-${randomBytes(6).toString("hex")}.sock`)

it("asks for nothing that may be half loaded, while it is evaluated", async () => {
  const source = await loadAgentSource()
  const start = runInThisContext(`(${source})`) as (source: string, options: AgentOptions) => Promise<boolean>
  const asked = vi.spyOn(process, "getBuiltinModule")
  const connected = start(source, { path: socketPath(), token: "" })
  const before = asked.mock.calls.map(([name]) => name)
  const isConnected = await connected
  asked.mockRestore()
  expect(before).toEqual([])
  expect(isConnected).toBe(false)
})

it("is started again in a thread where it reached nobody", async () => {
  const worker = new Worker(`require("node:worker_threads").parentPort.on("message", () => {})`, { eval: true })
  await once(worker, "online")
  const path = socketPath()
  const counted: Array<number> = []
  const starter = new ThreadStarter(await loadAgentSource(), { path, token: "" }, (threads) => counted.push(threads))
  // Time for an attempt, and more than one.
  await worker.getHeapSnapshot()
  const server = createServer()
  server.listen(path)
  try {
    await once(server, "connection")
    expect(counted.at(-1)).toBeGreaterThan(0)
  } finally {
    starter.close()
    server.close()
    await worker.terminate()
  }
})
