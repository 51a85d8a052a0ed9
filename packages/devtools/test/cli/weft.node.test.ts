import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import ts from "typescript"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type InTerminal, type Program, programs, startProgram, weft, weftInTerminal, weftWith } from "./real.ts"

let faulty: Program
const folder = mkdtempSync(join(tmpdir(), "weft-real-"))
beforeAll(async () => {
  faulty = await startProgram("faulty.ts")
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await faulty[Symbol.asyncDispose]()
})

const restored = "\u001b[?7h\u001b[?25h\u001b[?1049l"
const hasScript = spawnSync("script", ["--version"]).status === 0

describe("weft, of a program with faults", () => {
  it("finds the process", async () => {
    // It looks into those that listen by themselves: not into those of other tests, which count what they have open.
    const { out } = await weftWith({ XDG_RUNTIME_DIR: folder }, "ps")
    expect(out).toMatch(new RegExp(`^ *${faulty.pid} .* programs/faulty\\.ts `, "m"))
  })

  it("dumps each goroutine with the line where it waits and the line where it was started", async () => {
    const { code, out } = await weft("dump", `${faulty.pid}`)
    expect(code).toBe(0)
    expect(out).toContain("10 goroutines: ")
    expect(out).toMatch(/^5 goroutines \[chan receive/m)
    expect(out).toMatch(/at worker \(\S*programs\/faulty\.ts:17:24\)/)
    expect(out).toMatch(/started at main \(\S*programs\/faulty\.ts:29:31\) by goroutine 1, main/)
  })

  it("names the deadlock with both lines, and who waits behind it, while the program runs on", async () => {
    const { out } = await weft("blocked", `${faulty.pid}`)
    expect(out).toContain("DEADLOCK: 2 goroutines wait for each other, and 1 more for them")
    expect(out.match(/at transferring \(\S*programs\/faulty\.ts:12:15\)/g)).toHaveLength(2)
    expect(out).toMatch(/Behind it: goroutine \d+, auditor \[join/)
  })

  it("proves the leak, and that one only, with the line where it was started", async () => {
    await using program = await startProgram("faulty.ts")
    const { out } = await weft("leaks", `${program.pid}`)
    expect(out).toContain(": 1 leaked, 0 suspects")
    expect(out).toMatch(
      /^goroutine \d+ \[chan receive.*\]: forgetful\n +at forgetful \(\S*programs\/faulty\.ts:23:22\)/m,
    )
    expect(out).toMatch(/started at leak \(\S*programs\/faulty\.ts:22:3\)/)
    expect((await weft("leaks", `${program.pid}`)).out).toContain(": 0 leaked")
  })

  it("traces it, and says what took the time", async () => {
    const path = join(folder, "a.weft")
    expect((await weft("trace", `${faulty.pid}`, "-s", "0.5", "-o", path)).code).toBe(0)
    const { out } = await weft("summary", path)
    expect(out).toContain("Waiting, by reason")
    expect(out).toContain("sleep")
  })

  it("says in one paragraph what is wrong, and nothing else", { tags: "long" }, async () => {
    for (const args of [["dump", "999999999"], ["dump"], ["dmp"], ["summary", folder], ["dump", "no such process"]]) {
      const { code, err, out } = await weft(...args)
      expect([args, code, out]).toEqual([args, 1, ""])
      expect(err).toMatch(/^weft: /)
      expect(err).not.toMatch(/\n +at |\n\n/)
    }
  })
})

describe("weft, of a compiled program", () => {
  it("shows the lines of its sources", async () => {
    // Below this package, where Weft's own are found.
    const path = join(programs, "../../../node_modules/.cache/weft-cli/faulty.js")
    const { outputText } = ts.transpileModule(readFileSync(join(programs, "faulty.ts"), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        inlineSourceMap: true,
        sourceRoot: pathToFileURL(`${programs}/`).href,
      },
      fileName: join(programs, "faulty.ts"),
    })
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, outputText)
    await using compiled = await startProgram(path)
    const { out } = await weft("blocked", `${compiled.pid}`)
    expect(out.match(/at transferring \(\S*programs\/faulty\.ts:12:/g)).toHaveLength(2)
  })
})

describe("weft, of a program without a fault", () => {
  it("names no deadlock and no leak, however often it is asked", { tags: "long" }, async () => {
    await using healthy = await startProgram("healthy.ts")
    for (let i = 0; i < 3; i++) {
      const blocked = await weft("blocked", `${healthy.pid}`)
      expect(blocked.out).toContain("No deadlock:")
      expect(blocked.out).not.toContain("can't come")
      expect((await weft("leaks", `${healthy.pid}`)).out).toContain(": 0 leaked")
    }
  })
})

describe.skipIf(!hasScript)("weft top, in a terminal", () => {
  it.each([
    ["q", (top: InTerminal) => Promise.resolve(top.type("q"))],
    ["Ctrl-C", (top: InTerminal) => Promise.resolve(top.type("\u0003"))],
    ["SIGTERM", async (top: InTerminal) => void process.kill(await top.pid(), "SIGTERM")],
    ["SIGHUP", async (top: InTerminal) => void process.kill(await top.pid(), "SIGHUP")],
  ])("gives the terminal back at %s", { tags: "long" }, async (_, end) => {
    await using top = weftInTerminal("top", `${faulty.pid}`)
    await top.shows("q\u001b[0m \u001b[2mquit")
    await end(top)
    await top.ended
    expect(top.screen().trimEnd().endsWith(restored)).toBe(true)
  })

  it("sorts, filters and pauses by its keys", async () => {
    await using top = weftInTerminal("top", `${faulty.pid}`)
    await top.shows("forgetful")
    top.type("w")
    await top.shows("OLDEST▼")
    top.type("/auditor\r")
    await top.shows("filter: auditor (esc clears)")
    top.type("p")
    await top.shows("PAUSED")
    top.type("q")
    await top.ended
  })

  it("says that the process has ended, and stays", async () => {
    await using program = await startProgram("faulty.ts")
    await using top = weftInTerminal("top", `${program.pid}`)
    await top.shows("forgetful")
    program.child.kill()
    await top.shows("THE PROCESS HAS ENDED")
    top.type("q")
    await top.ended
  })
})
