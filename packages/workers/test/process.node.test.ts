/** What only processes of their own show. */
import { spawn } from "node:child_process"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"

function program(
  file: string,
  ...args: ReadonlyArray<string>
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const flags = ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"]
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, "programs", file), ...args])
  const texts = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text))
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, ...texts }))
  })
}

/** How a program ends that is sent a signal once it has said something, and what it leaves where temporary files go. */
async function signalled(file: string, signal: NodeJS.Signals) {
  const folder = await mkdtemp(join(tmpdir(), "weft-signalled-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const flags = ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"]
  const env = { ...process.env, TMPDIR: folder }
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, "programs", file)], { env })
  let stderr = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
  child.stdout.once("data", () => child.kill(signal))
  const end = await new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code, by) => resolve({ code, by }))
  })
  return { end, stderr, left: await readdir(folder) }
}

describe("a program", () => {
  it("may have its tasks in the file that runs it", async () => {
    expect(await program("one-file.ts")).toEqual({ code: 0, stdout: "49\nover\n", stderr: "" })
  })

  it("may have tasks of many modules on a thread, which tells once of what it can't read", async () => {
    expect(await program("many-modules.ts")).toEqual({ code: 0, stdout: "Set(1) { 1 }\n", stderr: "" })
  })

  it("stays up while a task runs, and ends when none does", async () => {
    expect(await program("stays.ts")).toEqual({ code: 0, stdout: "1\n2\n3\n", stderr: "" })
  })

  it("interrupts its tasks when main returns", async () => {
    expect(await program("running.ts", "returns")).toEqual({ code: 0, stdout: "begun\nover\n", stderr: "" })
  })

  it(
    "leaves no thread behind that keeps it: process.exit, an uncaught error",
    { tags: ["long", "each-node"] },
    async () => {
      expect(await program("running.ts", "exit")).toEqual({ code: 4, stdout: "begun\n", stderr: "" })
      const thrown = await program("running.ts", "throws")
      expect(thrown).toMatchObject({ code: 1, stdout: "begun\n" })
      expect(thrown.stderr).toContain("uncaught in main")
    },
  )

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends by a signal while a task loops for ever, and leaves no temporary file: %s",
    async (signal) => {
      expect(await signalled("signalled.ts", signal)).toEqual({ end: { code: null, by: signal }, stderr: "", left: [] })
    },
  )

  it.each(["fail", "certain"])(
    "whose threads all wait for each other is a deadlock (%s), and says what they wait for",
    async (how) => {
      const { code, stderr } = await program("deadlock.ts", how)
      expect(code).toBe(1)
      expect(stderr).toContain("all goroutines are asleep - deadlock!")
      expect(stderr).toMatch(/goroutine \d+ \[task[^\]]*\]: stuck\s+waits for stuck on thread \d of pool "default"/)
      expect(stderr).toMatch(/On thread \d of pool "default":\s+goroutine \d+ \[(join|chan receive)[^\]]*\]: stuck/)
      expect(stderr).toMatch(/tasks\/basic\.ts:\d+/)
    },
  )

  it.each([
    ["fail", "interrupts", "GoroutineInterrupted\nover\n"],
    ["certain", "interrupts", "GoroutineInterrupted\nover\n"],
    ["certain", "returns", "over\n"],
  ])("whose interrupted task waits for ever as it unwinds goes on after its grace (%s, main %s)", async (...args) => {
    const [how, main, stdout] = args
    expect(await program("grace.ts", how, main)).toEqual({ code: 0, stdout, stderr: "" })
  })

  it("whose task hears of a BroadcastChannel is no deadlock", async () => {
    expect(await program("broadcast.ts")).toEqual({ code: 0, stdout: "hello\n", stderr: "" })
  })

  it.each([
    ["fail", "2", "here"],
    ["certain", "2", "here"],
    ["fail", "2", "there"],
    ["fail", "1", "there"],
  ])(
    "whose task waits for one that it has spawned is a deadlock, too (%s, %s threads, a channel of %s)",
    async (...args) => {
      const { code, stderr } = await program("nested-deadlock.ts", ...args)
      expect(code).toBe(1)
      expect(stderr).toContain("all goroutines are asleep - deadlock!")
      for (const name of ["outer", "middle", "inner"])
        expect(stderr).toMatch(new RegExp(`goroutine \\d+ \\[[^\\]]*\\]: ${name}`))
    },
  )

  it.each([
    ["blocking", [/On thread 1 of pool "blocking":\s+goroutine \d+ \[chan receive[^\]]*\]: receives/]],
    [
      "makesPool",
      [
        /On thread \d of pool "default":\s+goroutine \d+ \[join[^\]]*\]: makesPool/,
        /goroutine \d+ \[task\]: receives\s+waits for receives on thread 1 of pool "made there"/,
        /On thread 1 of pool "made there":\s+goroutine \d+ \[chan receive[^\]]*\]: receives/,
      ],
    ],
  ])(
    "whose other threads wait for what can't come is a deadlock, and says what they wait for (%s)",
    async (which, told) => {
      const { code, stderr } = await program("pools-deadlock.ts", which)
      expect(code).toBe(1)
      for (const text of told) expect(stderr).toMatch(text)
    },
  )

  it.each([
    ["fail", "1"],
    ["fail", "2"],
    ["certain", "3"],
  ])(
    "whose task waits long for one that it has spawned is none (%s, %s threads)",
    { tags: "long" },
    async (...args) => {
      expect(await program("nested-waits.ts", ...args)).toEqual({ code: 0, stdout: "6\n", stderr: "" })
    },
  )

  it.each(["fail", "certain"])(
    "waits for what a task that has ended left in its thread (%s)",
    { tags: ["long", "each-node"] },
    async (how) => {
      expect(await program("left.ts", how)).toEqual({ code: 0, stdout: "said later\n", stderr: "" })
    },
  )

  it("uses next to nothing while its pool has nothing to do", { tags: ["long", "each-node"] }, async () => {
    const { stdout } = await program("idle.ts", "10")
    // Nothing printed would count as 0.
    expect(stdout).toMatch(/^\d/)
    expect(Number(stdout)).toBeLessThan(10)
  })
})
