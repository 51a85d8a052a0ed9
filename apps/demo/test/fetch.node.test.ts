import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type FileServer, serveFiles } from "../src/server/server.ts"
import { demo, start } from "./demo.ts"

let server: FileServer
let folder: string
const at = (path: string): string => `${server.site}${path}`

beforeEach(async () => {
  server = await serveFiles()
  folder = await mkdtemp(join(tmpdir(), "weft-fetch-"))
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function records(file: string): Promise<Array<Record<string, unknown>>> {
  const text = await readFile(file, "utf8")
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe("fetch", () => {
  it("prints a line per URL as it comes, and a summary", async () => {
    const { code, stderr, stdout } = await demo(["fetch", at("/posts.json"), at("/tags.json")])
    expect(stderr).toBe("")
    expect(code).toBe(0)
    expect(stdout.match(/\/\w+\.json/g)).toEqual(["/tags.json", "/posts.json"])
    expect(stdout).toContain("2 fetched")
    expect(stdout).not.toContain("\r")
  })

  it("prints in the order of the URLs if asked", async () => {
    const { stdout } = await demo(["fetch", "--ordered", at("/posts.json"), at("/tags.json")])
    expect(stdout.match(/\/\w+\.json/g)).toEqual(["/posts.json", "/tags.json"])
  })

  it("says of a body that is no JSON that it is none, and keeps it as text", async () => {
    const file = join(folder, "out.jsonl")
    const page = createServer((_, response) => response.end("<html>")).listen(0, "127.0.0.1")
    await once(page, "listening")
    const site = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`
    const { code, stdout } = await demo(["fetch", "--ordered", "-o", file, site, at("/tags.json")])
    page.close()
    expect(stdout).toMatch(/✓ 200 .*\/ {2}no JSON$/m)
    expect(stdout.match(/no JSON/g)).toHaveLength(1)
    expect(code).toBe(0)
    expect(await records(file)).toMatchObject([{ ok: true, isJson: false, body: "<html>" }, { isJson: true }])
  })

  it("tries again after a 503, and succeeds with what comes then", { tags: "long" }, async () => {
    const { code, stdout } = await demo(["fetch", "--backoff", "10ms", at("/flaky.json")])
    expect(stdout).toMatch(/✓ 200 .*3 tries/)
    expect(code).toBe(0)
  })

  it("gives up on a 500 after its retries, does the rest, and exits with 1", { tags: "long" }, async () => {
    const { code, stdout } = await demo(["fetch", "--backoff", "10ms", "-r", "1", at("/broken.json"), at("/tags.json")])
    expect(stdout).toMatch(/✗ 500 .*\s+Internal Server Error, 2 tries/)
    expect(stdout).toContain("1 fetched")
    expect(stdout).toContain("1 failed")
    expect(code).toBe(1)
  })

  it("does not repeat a request that was refused", { tags: "long" }, async () => {
    const { code, stdout } = await demo(["fetch", at("/nowhere.json")])
    expect(stdout).toMatch(/✗ 404 .*Not Found$/m)
    expect(code).toBe(1)
  })

  it("gives up on a request that hangs, and says how a connection was refused", { tags: "long" }, async () => {
    const { stdout } = await demo(["fetch", "-r", "0", "-t", "200ms", at("/hangs.json"), "http://127.0.0.1:1/x"])
    expect(stdout).toMatch(/hangs\.json {2}no answer in time/)
    expect(stdout).toMatch(/:1\/x {2}.*(ECONNREFUSED|bad port)/)
  })

  it("keeps to its concurrency: one at a time is the order of the URLs", { tags: "long" }, async () => {
    const { stdout } = await demo(["fetch", "-c", "1", at("/posts.json"), at("/tags.json"), at("/users.json")])
    expect(stdout.match(/\/\w+\.json/g)).toEqual(["/posts.json", "/tags.json", "/users.json"])
  })

  it("writes JSON Lines to a file", async () => {
    const file = join(folder, "out.jsonl")
    await demo(["fetch", "-o", file, "-r", "0", "--ordered", at("/users.json"), at("/broken.json")])
    expect(await records(file)).toEqual([
      expect.objectContaining({ url: at("/users.json"), ok: true, status: 200, attempts: 1 }),
      expect.objectContaining({ url: at("/broken.json"), ok: false, status: 500, reason: "Internal Server Error" }),
    ])
    expect(await records(file)).toHaveProperty("0.body.kind", "users")
  })

  it("writes nothing but JSON Lines to stdout with -o -", { tags: "long" }, async () => {
    const { stderr, stdout } = await demo(["fetch", "-o", "-", at("/users.json")])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, body: { kind: "users" } })
    expect(stderr).toContain("1 fetched")
  })

  it("on Ctrl-C cancels, says what was done, keeps its records, and exits with 130", async () => {
    const file = join(folder, "out.jsonl")
    const running = start([
      "fetch",
      "-c",
      "2",
      "-o",
      file,
      at("/tags.json"),
      at("/hangs.json"),
      at("/hangs.json?2"),
      at("/slow.json"),
    ])
    await running.printed("tags.json")
    running.interrupt()
    const { code, stdout } = await running.ended
    expect(stdout).toContain("Canceled.")
    expect(stdout).toContain("1 fetched")
    expect(stdout).toContain("3 not fetched")
    // How many of them had begun by then is the machine's affair: one at least, two at most.
    const canceled = stdout.match(/– .*canceled|hangs\.json.*canceled/g) ?? []
    expect([1, 2]).toContain(canceled.length)
    expect(code).toBe(130)
    expect(await records(file)).toHaveLength(1)
  })
})
