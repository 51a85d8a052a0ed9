import { spawn } from "node:child_process"
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { waitGraph } from "../../src/analysis/wait-graph.ts"
import { attach } from "../../src/attach/attach.ts"
import { doorOf, privateFolder } from "../../src/attach/private-folder.ts"
import { processes } from "../../src/attach/processes.ts"
import { summarize } from "../../src/trace/summary.ts"
import { readTimeline } from "../../src/trace/timeline.ts"
import { TraceReader } from "../../src/trace/reader.ts"
import { FrameKind } from "../../src/format/trace-file.ts"
import { Program } from "./program.ts"

const agent = ["--import", new URL("../../src/agent.ts", import.meta.url).href]

interface State {
  readonly heapBytes: number
  readonly resources: ReadonlyArray<string>
  readonly globals: number
}

describe("a process that prepared nothing", () => {
  it("tells what each goroutine of each thread does, and where", async () => {
    await using program = await Program.start("busy.ts")
    await using attached = await attach(program.pid)
    // A thread has two seconds to connect, and later ones count.
    await expect.poll(async () => (await attached.stats()).silentThreads).toBe(0)
    const dump = await attached.dump()
    const [main, thread] = dump.threads
    const names = main!.goroutines.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(["main", "worker 0", "worker 3", "producer", "on threads"]))
    const producer = main!.goroutines.find(({ name }) => name === "producer")!
    expect(producer.startedAt).toMatch(/busy\.ts:\d+:\d+$/)
    expect(producer.parent).toBe(main!.goroutines.find(({ isMain }) => isMain)!.id)
    expect(thread!.name).not.toBe("main")
    expect(thread!.thread).toBeGreaterThan(0)
    expect(dump.silentThreads).toBe(0)
  })

  it(
    "is as it was when the last one has detached, though the inspector was opened 30 times",
    { tags: ["long", "each-node"] },
    async () => {
      await using program = await Program.start("answering.ts")
      const once = async () => {
        await using attached = await attach(program.pid)
        await attached.dump()
      }
      for (let i = 0; i < 10; i++) await once()
      const before = await program.ask<State>("state")
      for (let i = 0; i < 30; i++) await once()
      const after = await program.ask<State>("state")
      expect(after.resources).toEqual(before.resources)
      expect(after.globals).toBe(before.globals)
      expect(after.heapBytes - before.heapBytes).toBeLessThan(300_000)
      // The port is closed.
      const opened = program.errors.match(/Debugger listening/g)
      expect(opened!.length).toBeGreaterThanOrEqual(40)
      expect(program.errors.match(/Debugger ending/g)).toHaveLength(opened!.length)
    },
  )

  it("serves two at once, each for itself", { tags: "long" }, async () => {
    await using program = await Program.start("busy.ts")
    await using first = await attach(program.pid)
    await using second = await attach(program.pid)
    const bytes: Array<Uint8Array> = []
    const running = await first.trace({ ops: false, bufferBytes: 1 << 20 }, (part) => void bytes.push(part))
    const dump = await second.dump()
    await second.detach()
    expect(dump.threads.length).toBeGreaterThan(1)
    await running.stop()
    expect(bytes.length).toBeGreaterThan(5)
    expect((await first.dump()).threads.length).toBeGreaterThan(1)
  })

  it("is detached from only when what was asked has been answered", async () => {
    await using program = await Program.start("answering.ts")
    const look = async () => {
      await using attached = await attach(program.pid)
      // On purpose not awaited: what is returned is a promise, and the detaching comes first.
      return { dump: attached.dump() }
    }
    expect((await (await look()).dump).threads).toHaveLength(1)
  })

  it("says so when it ends while somebody looks at it", async () => {
    await using program = await Program.start("answering.ts")
    await using attached = await attach(program.pid)
    await attached.dump()
    const ended = attached.ended
    program.process.kill("SIGKILL")
    expect(await ended).toBe("the process has ended")
    await expect(attached.dump()).rejects.toThrow(/ended/)
  })

  it("names goroutines that nobody can wake, and keeps those that somebody can", async () => {
    await using program = await Program.start("answering.ts")
    await program.ask("leak")
    await using attached = await attach(program.pid)
    const { threads } = await attached.leaks()
    expect(threads[0]!.leaked.map(({ name }) => name).sort()).toEqual(["first of two", "forgotten", "second of two"])
    for (const { stack, startedAt } of threads[0]!.leaked) {
      expect(stack[0]).toMatch(/answering\.ts:\d+:\d+/)
      expect(startedAt).toMatch(/answering\.ts:\d+:\d+/)
    }
    expect((await attached.leaks()).threads[0]!.leaked).toEqual([])
    const names = (await attached.dump()).threads[0]!.goroutines.map(({ name }) => name)
    expect(names).toEqual(["main", "kept", "talking"])
    expect(await program.ask("state")).toHaveProperty("heapBytes")
  })

  it("does not take a goroutine that has waited for long for one that nobody can wake", { tags: "long" }, async () => {
    await using program = await Program.start("answering.ts")
    await program.ask("leak")
    await using attached = await attach(program.pid)
    const [main] = (await attached.leaks({ suspectSeconds: 0 })).threads
    expect(main!.leaked.map(({ name }) => name).sort()).toEqual(["first of two", "forgotten", "second of two"])
    const suspects = main!.suspects.map(({ name }) => name)
    expect(suspects.length).toBeGreaterThan(0)
    expect(["kept", "talking"]).toEqual(expect.arrayContaining(suspects))
  })

  it("is seen whole though its threads start while it is attached to", { tags: "long" }, async () => {
    for (let i = 0; i < 4; i++) {
      await using program = await Program.start("starting.ts")
      await using attached = await attach(program.pid)
      expect(await program.line()).toBe("all up")
      const dump = await attached.dump()
      expect(dump.silentThreads).toBe(0)
      expect(dump.threads.slice(1).map(({ goroutines }) => goroutines.map(({ name }) => name))).toEqual([
        ["staying"],
        ["staying"],
        ["staying"],
      ])
    }
  })

  it("has the threads named that don't answer", async () => {
    await using program = await Program.start("never-yields.ts")
    await using attached = await attach(program.pid)
    const script = expect.stringMatching(/^file:.*\/never-yields-thread\.ts$/) as string
    const silence = {
      silentThreads: 2,
      silent: [
        { thread: 1, name: "hot loop", script },
        { thread: 2, name: "thread 2", script },
      ],
    }
    expect(await attached.dump()).toMatchObject(silence)
    expect(await attached.stats()).toMatchObject(silence)
    expect(await attached.leaks()).toMatchObject(silence)
    const parts: Array<Uint8Array> = []
    await (await attached.trace({ ops: false, bufferBytes: 1 << 20 }, (part) => void parts.push(part))).stop()
    expect(summarize(await readTimeline(parts))).toMatchObject(silence)
  })

  it("shows the goroutines of a deadlock, and whom they hold up, while the rest runs on", async () => {
    await using program = await Program.start("lock-order.ts")
    await using attached = await attach(program.pid)
    const dump = await attached.dump()
    const graph = waitGraph(dump)
    expect(graph.knots.map(({ members }) => members.map(({ goroutine }) => goroutine.name).sort())).toEqual([
      ["report", "transfer"],
    ])
  })

  it("keeps values to itself", async () => {
    await using program = await Program.start("answering.ts")
    await using attached = await attach(program.pid)
    const parts: Array<Uint8Array> = []
    const running = await attached.trace({ ops: true, bufferBytes: 1 << 20 }, (part) => void parts.push(part))
    await program.ask("state")
    await running.stop()
    const everything = Buffer.concat([...parts, Buffer.from(JSON.stringify(await attached.dump()))]).toString("latin1")
    expect(everything).toContain("talking")
    expect(everything).not.toContain("hunter2")
  })

  it("streams a trace whose frames are whole, of all threads", { tags: "long" }, async () => {
    await using program = await Program.start("busy.ts")
    await using attached = await attach(program.pid)
    const reader = new TraceReader()
    const threads = new Set<number>()
    let records = 0
    let end: unknown
    let seenBoth = () => {}
    const both = new Promise<void>((resolve) => (seenBoth = resolve))
    const running = await attached.trace({ ops: false, bufferBytes: 1 << 20 }, (part) => {
      if (threads.size > 1) seenBoth()
      for (const frame of reader.read(part)) {
        if (frame.kind === FrameKind.Records) {
          threads.add(frame.thread)
          records += frame.words.length / 2
        } else if (frame.kind === FrameKind.End) end = frame
      }
    })
    await both
    await running.stop()
    expect(end).toMatchObject({ reason: "asked", records, dropped: 0 })
  })
})

describe("a process that listens by itself", () => {
  it("is attached to without the inspector, 1,000 times, and keeps nothing", { tags: "long" }, async () => {
    await using program = await Program.start("answering.ts", { options: agent })
    const once = async () => {
      await using attached = await attach(program.pid)
      await attached.stats()
    }
    for (let i = 0; i < 100; i++) await once()
    const before = await program.ask<State>("state")
    for (let i = 0; i < 1000; i++) await once()
    const after = await program.ask<State>("state")
    expect(after.resources).toEqual(before.resources)
    expect(after.globals).toBe(before.globals)
    expect(after.heapBytes - before.heapBytes).toBeLessThan(1_000_000)
    expect(program.errors).not.toContain("Debugger")
  })

  it("lets nobody else at its socket", async () => {
    await using program = await Program.start("answering.ts", { options: agent })
    expect(statSync(privateFolder()).mode & 0o777).toBe(0o700)
    expect(statSync(doorOf(program.pid)).mode & 0o777).toBe(0o600)
    expect(processes().find(({ pid }) => pid === program.pid)).toMatchObject({ by: "socket" })
  })

  it("takes its socket along when it ends", async () => {
    const program = await Program.start("answering.ts", { options: agent })
    program.process.stdin!.write("stop\n")
    await program.ended
    expect(existsSync(doorOf(program.pid))).toBe(false)
  })
})

describe("who attaches", () => {
  it("leaves no socket behind", async () => {
    const own = () => readdirSync(privateFolder()).filter((name) => name.startsWith(`${process.pid}-`))
    await using program = await Program.start("answering.ts", { options: agent })
    const attached = await attach(program.pid)
    expect(own()).toHaveLength(1)
    await attached.detach()
    expect(own()).toEqual([])
  })

  it("takes away what attachments left that were killed, also where a process has their number again", async () => {
    const at = (pid: number, hex: string) => join(privateFolder(), `${pid}-${hex}.sock`)
    const gone = 2 ** 30
    const [left, again, young] = [at(gone, "00000001"), at(process.pid, "00000002"), at(process.pid, "00000003")]
    await killedAt([left, again, young])
    const used = at(gone, "00000004")
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(used, resolve))
    await using program = await Program.start("answering.ts", { options: agent })
    for (const path of [again, used]) utimesSync(path, 0, 0)
    utimesSync(young, Date.now() / 1000, Date.now() / 1000)
    await (await attach(program.pid)).detach()
    expect([left, again].filter(existsSync)).toEqual([])
    // That one may be about to be listened at.
    expect([young, used].filter(existsSync)).toEqual([young, used])
    rmSync(young)
    await new Promise((resolve) => server.close(resolve))
  })

  it("is told why it can't: no such process, no Node, a Node that ignores the signal", async () => {
    await using deaf = await Program.start("answering.ts", { options: ["--disable-sigusr1"] })
    await expect(attach(2 ** 30)).rejects.toThrow(/no such process/)
    await expect(attach(1)).rejects.toThrow(/can't attach to process 1: /)
    await expect(attach(deaf.pid)).rejects.toThrow(/--disable-sigusr1.*@weft\/devtools\/agent/)
    expect(deaf.process.exitCode).toBe(null)
  })
})

describe("a process that serves on ports of its own", () => {
  it("gets no request from who attaches, also where its inspector has another port", async () => {
    for (const options of [[], ["--inspect-port=0"]]) {
      await using program = await Program.start("serving.ts", { options })
      await using attached = await attach(program.pid)
      expect((await attached.dump()).threads).toHaveLength(1)
      expect(await program.ask("requests")).toEqual([])
    }
  })

  it("is attached to beside a debugger, whose port stays", async () => {
    const port = await freePort()
    await using program = await Program.start("answering.ts", { options: [`--inspect=127.0.0.1:${port}`] })
    await using attached = await attach(program.pid)
    expect((await attached.dump()).threads).toHaveLength(1)
    expect(attached.inspectorOpenMillis).toBe(0)
    await attached.detach()
    expect((await fetch(`http://127.0.0.1:${port}/json/list`)).status).toBe(200)
  })
})

/** Somebody listens at each, and is killed. */
async function killedAt(paths: ReadonlyArray<string>): Promise<void> {
  const script = `const { createServer } = require("node:net")
    let left = ${paths.length}
    for (const path of ${JSON.stringify(paths)})
      createServer().listen(path, () => --left === 0 && process.stdout.write("up"))`
  const killed = spawn(process.execPath, ["-e", script])
  const ended = new Promise((resolve) => killed.once("exit", resolve))
  await new Promise((resolve) => killed.stdout.once("data", resolve))
  killed.kill("SIGKILL")
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
