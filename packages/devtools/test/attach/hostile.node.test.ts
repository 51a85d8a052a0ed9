import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { attach } from "../../src/attach/attach.ts"
import { Listener } from "../../src/attach/listener.ts"
import { doorOf, keyOf, privateFolder } from "../../src/attach/private-folder.ts"
import { WireKind } from "../../src/format/wire.ts"
import { Program } from "./program.ts"

const agent = ["--import", new URL("../../src/agent.ts", import.meta.url).href]

interface State {
  readonly heapBytes: number
  readonly resources: ReadonlyArray<string>
}

/** A client of somebody's own making: the agent of the program connects to it, and gets whatever `talk` writes. */
async function withAgent(program: Program, talk: (socket: Socket) => Promise<void> | void): Promise<void> {
  const path = join(privateFolder(), `${process.pid}-${randomBytes(4).toString("hex")}.sock`)
  const server = createServer()
  const connected = new Promise<Socket>((resolve) => server.once("connection", resolve))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  try {
    const door = connect(doorOf(program.pid))
    door.end(`${JSON.stringify({ key: readFileSync(keyOf(program.pid), "utf8"), path, token: "mine" })}\n`)
    const socket = await connected
    socket.on("error", () => undefined)
    await talk(socket)
    socket.destroy()
  } finally {
    server.close()
  }
}

/** Writes, and waits until the agent has cut the connection, or `reads` bytes have come. */
const written = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    socket.resume()
    socket.once("close", () => resolve())
    socket.end(bytes)
  })

function frame(kind: number, payload: Uint8Array, length = payload.length): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32LE(length, 0)
  header[4] = kind
  return Buffer.concat([header, payload])
}

describe("a hostile client", () => {
  it("that sends anything at all leaves the process as it was", async () => {
    await using program = await Program.start("answering.ts", { options: agent })
    const command = (value: unknown) => frame(WireKind.Command, Buffer.from(JSON.stringify(value)))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.uint8Array({ maxLength: 200 }).map((payload) => frame(WireKind.Command, payload)),
      fc.tuple(fc.nat(255), fc.nat(0xffffffff)).map(([kind, length]) => frame(kind, Buffer.alloc(10), length)),
      fc.jsonValue().map(command),
      fc
        .record({ id: fc.integer(), do: fc.constantFrom("dump", "stats", "trace", "stop", "snapshot", "x") })
        .map(command),
    )
    await withAgent(program, (socket) => written(socket, Buffer.alloc(0)))
    const before = await program.ask<State>("state")
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        await withAgent(program, (socket) => written(socket, sent))
      }),
      { numRuns: 150 },
    )
    const after = await program.ask<State>("state")
    expect(after.resources).toEqual(before.resources)
    expect(after.heapBytes - before.heapBytes).toBeLessThan(2_000_000)
  })

  it("that never reads what it asked for does not make the process grow", { tags: "long" }, async () => {
    await using program = await Program.start("million.ts", { args: ["200000"], options: agent })
    await withAgent(program, async (socket) => {
      socket.pause()
      const ask = (id: number) =>
        frame(WireKind.Command, Buffer.from(JSON.stringify({ id, do: "dump", mostStacks: 10 })))
      for (let i = 1; i <= 5; i++) socket.write(ask(i))
      // All five would be 50 MB: what is sent waits for its reader.
      const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, "utf8"))![1]) * 1024
      await using attached = await attach(program.pid)
      await attached.stats()
      const before = rss()
      await attached.dump()
      await attached.stats()
      expect(rss() - before).toBeLessThan(150_000_000)
    })
    await using again = await attach(program.pid)
    expect((await again.stats()).threads[0]!.live).toBeGreaterThanOrEqual(200_000)
  })
})

describe("the door of a process that listens", () => {
  it("cuts off whoever has no key, or too much to say, without a word", async () => {
    await using program = await Program.start("answering.ts", { options: agent })
    const answer = (line: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(doorOf(program.pid))
        let said = ""
        socket.on("data", (bytes) => (said += bytes.toString()))
        socket.on("error", () => undefined)
        socket.on("close", () => resolve(said))
        socket.write(line)
      })
    expect(await answer('{"key":"wrong","path":"/tmp/x","token":"t"}\n')).toBe("")
    expect(await answer("garbage\n")).toBe("")
    expect(await answer("x".repeat(100_000))).toBe("")
    await using attached = await attach(program.pid)
    expect((await attached.dump()).threads).toHaveLength(1)
  })
})

describe("the socket of who attaches", () => {
  it("takes nobody in who can't show its token", async () => {
    const links: Array<unknown> = []
    const listener = await Listener.open((link) => links.push(link))
    const cut = (bytes: Uint8Array) =>
      new Promise<void>((resolve) => {
        const socket = connect(listener.path)
        socket.on("error", () => undefined)
        socket.on("close", () => resolve())
        socket.write(bytes)
      })
    await cut(frame(WireKind.Hello, Buffer.from(JSON.stringify({ token: "wrong" }))))
    await cut(frame(WireKind.Reply, Buffer.from("{}")))
    await cut(frame(WireKind.Hello, Buffer.from("{")))
    await cut(frame(WireKind.Hello, Buffer.alloc(0), 0xffffffff))
    expect(links).toEqual([])
    listener.close()
  })
})
