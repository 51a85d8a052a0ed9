import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readTimeline } from "../../src/trace/timeline.ts"
import { aProcess, madeUp } from "./made-up.ts"
import { runWeft } from "./run-weft.ts"

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

  it("says so where there is none", async () => {
    expect((await runWeft(["ps"], {})).said).toEqual(["No process of yours runs Weft."])
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
    expect(out).toContain("2 records of 0.1 s")
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
    expect((await runWeft(["trace", "42", "-o", path], world)).error).toContain(`There is no ${path}`)
    expect(attached.asked).toEqual(["detach"])
    expect(existsSync(path)).toBe(false)
  })
})

describe("weft profile", () => {
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
    expect((await runWeft(["summary", import.meta.filename], {})).error).toContain("no trace")
    expect((await runWeft(["summary", join(folder, "gone")], {})).error).toContain("There is no ")
  })
})
