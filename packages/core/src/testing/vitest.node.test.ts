/** What a runner says of tests made with the kit: of vitest's own `it` with more members, and of node:test, which has the functions alone. */
import { spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { program } from "../../test/support/program.node.ts"
import { it as weftIt } from "./vitest.ts"

interface Assertion {
  readonly title: string
  readonly ancestorTitles: ReadonlyArray<string>
  readonly status: string
  readonly failureMessages: ReadonlyArray<string>
}

/** Runs the fixture's tests in a vitest of their own, and gives its report. */
async function report(): Promise<ReadonlyArray<Assertion>> {
  const root = join(import.meta.dirname, "../../../..")
  const config = join(import.meta.dirname, "../../test/support/runners/vitest.config.ts")
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const folder = await mkdtemp(join(tmpdir(), "weft-vitest-"))
  const file = join(folder, "report.json")
  const options = ["--config", config, "--reporter=json", "--outputFile", file]
  const child = spawn(process.execPath, [vitest, "run", ...options], { cwd: root, stdio: "ignore" })
  await new Promise((resolve) => child.on("close", resolve))
  const { testResults } = JSON.parse(await readFile(file, "utf8")) as {
    testResults: ReadonlyArray<{ readonly assertionResults: ReadonlyArray<Assertion> }>
  }
  await rm(folder, { recursive: true })
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

describe("vitest", () => {
  let all: ReadonlyArray<Assertion> = []
  beforeAll(async () => {
    all = await report()
  })

  const told = (way: string, title: string): Assertion =>
    all.find((each) => each.ancestorTitles.includes(way) && each.title === title)!

  it("reports which pass and which fail, whatever the time limit", () => {
    expect(all.map(({ status, title }) => [title, status])).toEqual([
      ["passes", "passed"],
      ["fails", "failed"],
      ["replays", "passed"],
      ["has an option that is none", "failed"],
      ["passes, however long it takes the host", "passed"],
      ["fails", "failed"],
      ["leaks", "failed"],
      ["has so many steps", "failed"],
      ["is vitest's own it besides", "passed"],
      ["and has all of its members", "skipped"],
    ])
  })

  it("shows the interleaving of a failed exploration, and how to replay it", () => {
    const [message = ""] = told("it.explore", "fails").failureMessages
    expect(message).toContain("ScheduleFailed: schedule ")
    expect(message).toContain("expected 1 to be 2")
    expect(message).toMatch(/lostUpdate +\| first +\| second/)
    expect(message).toMatch(/Replay it with explore\(\{ replay: "[\d: ]+" \}, program\)/)
  })

  it("shows what was wrong with a search", () => {
    expect(told("it.explore", "has an option that is none").failureMessages[0]).toContain(
      "explore: option depth is 3; it must be left out",
    )
  })

  it("shows the error itself of a failed synctest, at its place", () => {
    expect(told("it.synctest", "fails").failureMessages[0]).toMatch(/expected 1 to be 2(.|\n)*vitest\.fixture\.ts:\d+/)
    expect(told("it.synctest", "leaks").failureMessages[0]).toContain("main returned and left 1 goroutine behind")
    expect(told("it.synctest", "has so many steps").failureMessages[0]).toContain("livelock: not ended after 100 steps")
  })

  it("keeps its own it as it was", () => {
    expect(it).not.toHaveProperty("explore")
    expect(weftIt).not.toBe(it)
  })
})

const isOldRunner = Number.parseInt(process.versions.node) < 24

describe("node:test", () => {
  it("runs the functions as they are: a test passes or fails with them", async () => {
    const { code, stdout } = await program(`
      import assert from "node:assert/strict"
      import test from "node:test"
      import { currentProcessor, go, gosched, Op, sleep } from "@weft/core"
      import { explore, synctest } from "@weft/core/testing"

      const program = (isMended) => function* main() {
        let counter = 0
        const increment = function* () {
          const read = counter
          if (!isMended) yield* gosched()
          counter = read + 1
        }
        const both = [go(increment), go(increment)]
        for (const goroutine of both) yield* goroutine
        assert.equal(counter, 2)
      }
      test("explores", async () => { await explore.check({}, program(true)) })
      test("finds", async () => { await explore.check({}, program(false)) })
      test("jumps", () => synctest(function* () {
        yield* sleep("365 days")
        assert.equal(currentProcessor().clock.now(), 365 * 24 * 3600000)
      }))
      test("never ends", () => synctest(function* main() { yield* Op.fromPromise(new Promise(() => {})) }))
    `)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^(ok|✔) .*explores/m)
    expect(stdout).toMatch(/^(not ok|✖) .*finds/m)
    expect(stdout).toContain("ScheduleFailed")
    expect(stdout).toMatch(/^(ok|✔) .*jumps/m)
    expect(stdout).toMatch(/^(not ok|✖) .*never ends/m)
    // An older runner looks for itself whether the process would end, before anybody else can.
    expect(stdout).toContain(isOldRunner ? "event loop has already resolved" : "all goroutines are asleep - deadlock!")
  })
})
