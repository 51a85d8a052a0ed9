import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it, vi } from "vitest"
import type { Attached } from "../../src/attach/attached.ts"
import { FrameKind } from "../../src/format/trace-file.ts"
import { readTimeline } from "../../src/trace/timeline.ts"
import { encodeFrame, encodeMagic } from "../../src/trace/writer.ts"
import { aDump, waiting } from "./dumps.ts"
import { aProcess, madeUp } from "./made-up.ts"
import { runWeft } from "./run-weft.ts"
import { someStats, someThreadStats } from "./stats.ts"

const shop = aProcess(42, "node /srv/shop/server.ts")
const bank = aProcess(43, "node /srv/bank/server.ts")
const folder = mkdtempSync(join(tmpdir(), "weft-cli-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** Attaching to 42 works. */
function aShop(more: Parameters<typeof madeUp>[1] = {}) {
  const attached = madeUp(42, more)
  return { attached, world: { processes: [shop, bank], attach: () => Promise.resolve(attached) } }
}

describe("a target", () => {
  it("is a process id, which needs no list", async () => {
    const { world } = aShop()
    expect((await runWeft(["dump", "42"], { ...world, processes: [] })).out).toContain("process 42: server.ts")
  })

  it("is a part of a title or command, in upper or lower case, that only one process has", async () => {
    const { world } = aShop()
    expect((await runWeft(["dump", "SHOP"], world)).out).toContain("process 42")
    expect((await runWeft(["dump", "server.ts"], world)).error).toBe(
      '"server.ts" is in the title or command of 2 processes: 42 (node /srv/shop/server.ts), 43 (node /srv/bank/server.ts). Give more of it, or the process id.',
    )
  })

  it("that nobody has is refused, with those that there are", async () => {
    const { world } = aShop()
    expect((await runWeft(["dump", "mail"], world)).error).toContain("These do: 42 (node /srv/shop/server.ts), 43")
    expect((await runWeft(["dump", "mail"], {})).error).toContain("None does at all")
  })
})

describe("each command", () => {
  it.each([
    [
      ["dump", "42"],
      ["dump", "detach"],
    ],
    [
      ["dump", "42", "--json"],
      ["dump", "detach"],
    ],
    [
      ["blocked", "42"],
      ["dump", "detach"],
    ],
    [
      ["blocked", "42", "--json"],
      ["dump", "detach"],
    ],
    [
      ["leaks", "42"],
      ["leaks", "detach"],
    ],
    [
      ["leaks", "42", "--json"],
      ["leaks", "detach"],
    ],
    [
      ["metrics", "42"],
      ["stats", "stats", "detach"],
    ],
    [
      ["top", "42", "--once", "-s", "0.1"],
      ["stats", "stats", "detach"],
    ],
  ])("asks no more than it shows, and detaches: %j", async (args, asked) => {
    const { attached, world } = aShop()
    const { error, out } = await runWeft(args, world)
    expect(error).toBeUndefined()
    expect(out).not.toBe("")
    expect(attached.asked).toEqual(asked)
  })

  it("detaches when the answer is an error, and says that", async () => {
    const { attached, world } = aShop({
      dump: () => Promise.reject(new Error("weft: the thread does not answer; try again")),
    })
    expect((await runWeft(["dump", "42"], world)).error).toBe("the thread does not answer; try again")
    expect(attached.asked).toEqual(["detach"])
  })

  it("ends when the process does, though no answer comes", async () => {
    const { attached, world } = aShop({ dump: () => new Promise(() => undefined) })
    attached.end("the process has ended")
    expect((await runWeft(["dump", "42"], world)).error).toBe(
      "Nothing more is to be had from process 42: the process has ended.",
    )
  })

  it("says why it can't attach", async () => {
    expect((await runWeft(["dump", "42"], {})).error).toBe("no process 42; look at weft ps")
  })
})

describe("weft ps", () => {
  it("attaches only to processes that listen by themselves, unless counts are wanted", async () => {
    const pids: Array<number> = []
    const world = {
      processes: [shop, { ...bank, by: "socket" as const }],
      attach: (pid: number) => {
        pids.push(pid)
        return Promise.resolve(madeUp(pid))
      },
    }
    const { out, said } = await runWeft(["ps"], world)
    expect(pids).toEqual([43])
    expect(out).toMatch(/^ 42 .* \? .*inspector.*\n 43 .* 7 .*socket/m)
    expect(said).toEqual([expect.stringContaining("weft ps --counts")])
    await runWeft(["ps", "--counts"], world)
    expect(pids).toEqual([43, 42, 43])
  })

  it("lists those that can't be looked into all the same", async () => {
    const { out } = await runWeft(["ps", "--counts", "--json"], { processes: [shop] })
    expect(JSON.parse(out)).toEqual([shop])
  })

  it("has a line for each, however long the command is, which --json has whole", async () => {
    const long = { ...shop, command: `${shop.command} ${"--config=/etc/shop/production.json ".repeat(400)}--port 80` }
    const { out } = await runWeft(["ps"], { processes: [long, bank] })
    const lines = out.trimEnd().split("\n")
    expect(lines).toHaveLength(3)
    expect(Math.max(...lines.map(({ length }) => length))).toBe(100)
    expect(lines[1]).toMatch(/ node \/srv\/shop.*….*--port 80$/)
    expect(JSON.parse((await runWeft(["ps", "--json"], { processes: [long] })).out)).toEqual([long])
  })

  it("says so where there is none", async () => {
    expect((await runWeft(["ps"], {})).said).toEqual(["No process of yours runs Weft."])
  })
})

describe("weft dump --values", () => {
  const value = `{n: ${"1".repeat(400)}}`
  const sender = waiting(2, "chan send", undefined, { on: [1], sends: [{ on: 1, value }] })
  const dumpAt = async (columns: number | undefined, ...args: ReadonlyArray<string>) => {
    const wanted: Array<unknown> = []
    const dump: Attached["dump"] = (options) => {
      wanted.push(options?.values)
      return Promise.resolve(aDump([sender]))
    }
    const world = { ...aShop({ dump }).world, ...(columns === undefined ? {} : { columns }) }
    const { out } = await runWeft(["dump", "42", "--values", ...args], world)
    return { wanted, line: out.split("\n").find((line) => line.includes("sends {n")) }
  }

  it("shows of a value what the terminal's width has room for, and asks for no less", async () => {
    for (const columns of [80, 300]) {
      const { line, wanted } = await dumpAt(columns)
      expect(line).toHaveLength(columns)
      expect(wanted).toEqual([{ redact: [], maxLength: Math.max(200, columns) }])
    }
  })

  it("cuts none where they go into a file or another program", async () => {
    expect((await dumpAt(undefined)).line).toBe(`      sends ${value}`)
    expect((await dumpAt(300, "--json")).wanted).toEqual([true])
  })
})

describe("weft top", () => {
  it("prints one table where the output is no terminal, and says so unless asked for it", async () => {
    const { world } = aShop()
    const { out, said } = await runWeft(["top", "42", "-s", "0.1"], world)
    expect(out).toContain("7 goroutines")
    expect(said).toEqual(["The output is no terminal, so this is one table; --once says the same."])
    expect((await runWeft(["top", "42", "-s", "0.1", "--once"], world)).said).toEqual([])
  })

  it("refuses an interval that makes no sense before it attaches", async () => {
    expect((await runWeft(["top", "42", "-s", "0"], {})).error).toBe("--seconds can't be 0: give 0.1 to 3600.")
  })
})

describe("weft trace", () => {
  it("writes what comes into a file of its user's own, and says what was lost", async () => {
    const { attached, world } = aShop()
    const path = join(folder, "a.weft")
    const { out } = await runWeft(["trace", "42", "-s", "0.1", "-o", path], world)
    expect(out).toMatch(/ 2 records of \d/)
    expect(out).toContain("5 records more were lost")
    expect((await readTimeline([readFileSync(path)])).ended?.reason).toBe("asked")
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(attached.asked).toEqual(["trace", "stop", "detach"])
  })

  it("keeps what there is when the process ends before", async () => {
    const { attached, world } = aShop()
    attached.end("the process has ended")
    const path = join(folder, "b.weft")
    const { error, out } = await runWeft(["trace", "42", "-s", "1000", "-o", path], world)
    expect(error).toBeUndefined()
    expect(out).toContain("It ended early: the process has ended.")
    expect((await readTimeline([readFileSync(path)])).records).toBe(2)
  })

  it.each(["perfetto", "json"])("writes %s", async (format) => {
    const { world } = aShop()
    const path = join(folder, format)
    await runWeft(["trace", "42", "-s", "0.1", "-o", path, "--format", format], world)
    expect(statSync(path).size).toBeGreaterThan(0)
    if (format === "json") expect(() => JSON.parse(readFileSync(path, "utf8")) as unknown).not.toThrow()
  })

  it("does not record for a file that can't be written", async () => {
    const { attached, world } = aShop()
    const path = join(folder, "no/such/folder")
    expect((await runWeft(["trace", "42", "-o", path], world)).error).toContain(
      `There is no directory ${join(folder, "no/such")} to write folder into: make it first`,
    )
    expect(attached.asked).toEqual(["detach"])
    expect(existsSync(path)).toBe(false)
  })
})

describe("weft profile", () => {
  it("keeps what there is when the process ends midway, and says after how long", async () => {
    const { attached, world } = aShop()
    const running = runWeft(["profile", "42", "-s", "1000", "-o", join(folder, "midway")], world)
    await expect.poll(() => attached.asked).toContain("trace")
    attached.end("the process has ended")
    const { error, said } = await running
    expect(error).toBeUndefined()
    expect(said[1]).toMatch(/^It ended early, after \d+\.\d s: the process has ended\.$/)
  })

  it("leaves no empty file behind where it could not attach", async () => {
    const path = join(folder, "nobody")
    expect((await runWeft(["profile", "42", "-o", path], {})).error).toContain("no process 42")
    expect(existsSync(path)).toBe(false)
  })

  it.each(["folded", "pprof", "speedscope"])("writes %s to a file, or to standard output", async (format) => {
    const { attached, world } = aShop()
    const path = join(folder, `profile.${format}`)
    expect((await runWeft(["profile", "42", "-s", "0.1", "--format", format, "-o", path], world)).error).toBeUndefined()
    const { error, said } = await runWeft(["profile", "42", "-s", "0.1", "--format", format], world)
    expect(error).toBeUndefined()
    expect(said.at(-1)).toBe("5 records were lost: the times are too low.")
    expect(existsSync(path)).toBe(true)
    expect(attached.asked).toEqual(["trace", "stop", "detach", "trace", "stop", "detach"])
  })
})

describe("weft summary", () => {
  it("says what is in a file, and what is wrong with one that is none", async () => {
    const { world } = aShop()
    const path = join(folder, "c.weft")
    await runWeft(["trace", "42", "-s", "0.1", "-o", path], world)
    expect((await runWeft(["summary", path], {})).out).toContain("Threads")
    expect(JSON.parse((await runWeft(["summary", path, "--json"], {})).out)).toMatchObject({ dropped: 5 })
  })

  it.each(["summary", "ui"])(
    "is refused what is no trace, as weft %s is, in a line that says what it is",
    async (command) => {
      const of = async (path: string) => (await runWeft([command, path], {})).error
      const empty = join(folder, "empty.weft")
      writeFileSync(empty, "")
      expect(await of(empty)).toBe(`${empty} is empty: nothing was recorded into it.`)
      expect(await of(folder)).toBe(`${folder} is a directory: name a file in it that weft trace has written.`)
      expect(await of(`${folder}/gone.weft`)).toBe(`There is no file ${folder}/gone.weft: look at the path.`)
      expect(await of(import.meta.filename)).toMatch(/is no trace: it does not begin with WEFTTRC1\. Name a file/)
    },
  )

  it("explains its columns, and says which threads are not in it", async () => {
    const path = join(folder, "silent.weft")
    const known = [{ thread: 3, name: "thread 3", script: "file:///srv/shop/worker.js" }]
    const silent = {
      kind: FrameKind.End,
      reason: "asked",
      records: 0,
      dropped: 0,
      silentThreads: 2,
      silent: known,
    } as const
    const trace: Attached["trace"] = async (_, onBytes) => {
      await onBytes(encodeMagic())
      return { stop: async () => onBytes(encodeFrame(silent)) }
    }
    const missing = "thread 3 (worker.js) and 1 more thread did not answer, and what runs there is missing"
    const { world } = aShop({ trace })
    expect((await runWeft(["trace", "42", "-s", "0.1", "-o", path], world)).out).toContain(missing)
    expect((await runWeft(["summary", path], {})).out).toContain(missing)
    const { said } = await runWeft(["profile", "42", "-s", "0.1"], world)
    expect(said.slice(1)).toEqual([
      "Nothing was recorded: no goroutine has run meanwhile.",
      expect.stringContaining(missing),
    ])
    const stats = someStats([someThreadStats({ live: 7 })], { pid: 42, silentThreads: 2, silent: known })
    const metrics = await runWeft(["metrics", "42"], aShop({ stats: () => Promise.resolve(stats) }).world)
    expect(metrics.said).toEqual([expect.stringContaining(missing)])
    expect(metrics.out).toContain("weft_silent_threads 2\n")
  })
})

describe("weft ui", () => {
  it.each([
    [["ui", "42", "--port", "99999"], "--port can't be 99999: give 1 to 65535, or leave it out."],
    [["ui", "--pages", "--pages-port", "-1"], "--pages-port can't be -1: give 1 to 65535, or leave it out."],
    [["ui"], "Which process, or which file? weft ps lists the processes; weft ui --pages waits for pages of browsers."],
    [["ui", "42", "--pages"], "With --pages there is no 42 to look at: pages connect by themselves."],
    [["ui", "42", "--allow", "http://x"], "--allow lets pages connect: it goes with --pages."],
    [["ui", "42", "--redact", "iban"], "--redact is about what --values shows: give both."],
    [
      ["ui", "slow.weft", "--values"],
      "--values is for processes: a file has what messages contain if it was recorded with them.",
    ],
    [["ui", "--pages", "--values"], "--values is for processes: what messages contain can't be shown of pages."],
    [
      ["ui", "--pages", "--allow", "staging"],
      "--allow can't be staging: give an origin, like https://staging.example.com.",
    ],
  ])("refuses %j before it attaches or listens", async (args, error) => {
    expect((await runWeft(args, {})).error).toBe(error)
  })

  it("says which port is taken", async () => {
    // Where the key of pages is kept.
    vi.stubEnv("XDG_STATE_HOME", folder)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const { attached, world } = aShop()
    const taken = `Port ${port} is taken, by another weft ui perhaps: end that, or take another port.`
    expect((await runWeft(["ui", "42", "--port", `${port}`], world)).error).toBe(taken)
    expect((await runWeft(["ui", "--pages", "--pages-port", `${port}`], world)).error).toBe(taken)
    expect(attached.asked).toEqual(["detach"])
    await new Promise((resolve) => server.close(resolve))
    vi.unstubAllEnvs()
  })
})
