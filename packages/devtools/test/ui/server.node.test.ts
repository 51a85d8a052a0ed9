/** Who gets an answer, and what it costs the server. */
import { createWriteStream } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { type IncomingMessage, request } from "node:http"
import { connect } from "node:net"
import { networkInterfaces, tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { type Meta, TOKEN_HEADER } from "../../src/web/api.ts"
import { serve, type Served } from "../../src/web/serve.ts"
import { FakeProcess } from "./support/fake-process.ts"
import { shopTrace } from "./support/shop-trace.ts"

const open: Array<Served> = []

afterEach(async () => {
  for (const served of open.splice(0)) await served.close()
})

describe("who gets an answer", () => {
  it("needs the token for whatever tells of the process", async () => {
    const { ask } = await started()
    for (const [method, path] of [
      ["GET", "/api/meta"],
      ["GET", "/api/dump"],
      ["GET", "/api/stats"],
      ["POST", "/api/leaks"],
      ["POST", "/api/trace"],
      ["POST", "/api/trace/stop"],
    ] as const) {
      expect((await ask(method, path, { [TOKEN_HEADER]: "" })).status).toBe(401)
      expect((await ask(method, path, { [TOKEN_HEADER]: "x".repeat(32) })).status).toBe(401)
    }
    expect((await ask("GET", "/api/meta")).status).toBe(200)
  })

  it("has another token each time", async () => {
    const { token } = await started()
    const { ask } = await started()
    expect((await ask("GET", "/api/meta", { [TOKEN_HEADER]: token })).status).toBe(401)
  })

  it("refuses a foreign name that points here (DNS rebinding), token or not", async () => {
    const { ask, port } = await started()
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:${port + 1}`,
      "127.0.0.1.evil.example",
    ]) {
      expect((await ask("GET", "/api/meta", { host })).status).toBe(421)
      expect((await ask("GET", "/", { host })).status).toBe(421)
    }
    expect((await ask("GET", "/api/meta", { host: `localhost:${port}` })).status).toBe(200)
  })

  it("refuses another site's page, token or not", async () => {
    const { ask, port } = await started()
    for (const origin of [
      "https://evil.example",
      "null",
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
    ]) {
      expect((await ask("GET", "/api/meta", { origin })).status).toBe(403)
      expect((await ask("POST", "/api/leaks", { origin })).status).toBe(403)
    }
    expect((await ask("GET", "/api/meta", { origin: `http://127.0.0.1:${port}` })).status).toBe(200)
  })

  it("allows no site to ask first", async () => {
    const { ask } = await started()
    const { headers } = await ask("OPTIONS", "/api/meta", { "access-control-request-headers": TOKEN_HEADER })
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([])
  })

  it("listens on loopback only", async () => {
    const { port } = await started()
    const addresses = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
    for (const { address } of addresses) {
      const outcome = new Promise((resolve) => {
        const socket = connect(port, address)
        socket.on("connect", () => resolve("connected"))
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
      })
      expect(await outcome).toBe("ECONNREFUSED")
    }
  })

  it("gives its own files and no others", async () => {
    const { ask } = await started()
    for (const path of [
      "/../package.json",
      "/..%2fpackage.json",
      "/%2e%2e/package.json",
      "/etc/passwd",
      "/api/nothing",
    ]) {
      expect((await ask("GET", path)).status).toBe(404)
    }
  })

  it("says with every answer what the browser may do", async () => {
    const { ask } = await started()
    for (const path of ["/", "/main.js", "/worker.js", "/style.css", "/nothing", "/api/meta", "/api/dump"]) {
      const { headers } = await ask("GET", path)
      const policy = String(headers["content-security-policy"]).split("; ")
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "worker-src 'self'",
          "frame-ancestors 'none'",
        ]),
      )
      expect(policy.join()).not.toMatch(/unsafe|\*|http|data:|blob:/)
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      })
    }
  })
})

describe("what looking on costs", () => {
  it("asks the process once a second for all who look, and not at all for nobody", { tags: "long" }, async () => {
    const { ask, fake } = await started()
    const readers = await Promise.all([1, 2, 3].map(() => ask("GET", "/api/stats")))
    for (const { body } of readers) expect(await firstEvent(body)).toMatch(/^event: stats\ndata: \{/)
    const begun = performance.now()
    const before = fake.statsTaken
    await sleep(2_300)
    expect(fake.statsTaken - before).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - begun) / 1000))
    for (const { body } of readers) body.destroy()
    // Nothing for as long as it would have taken more, once it has noticed.
    await still(() => fake.statsTaken, 1_500)
  })

  it("does not read on from the process while the page does not read", async () => {
    const { ask, fake } = await started()
    fake.isEndless = true
    const { body } = await ask("POST", "/api/trace", {}, { ops: true, bufferMegabytes: 1 })
    body.pause()
    // What the sockets hold, and no more.
    expect(await still(() => fake.bytesTraced, 1_000)).toBeLessThan(16e6)
    body.destroy()
    await expect.poll(() => fake.tracesRunning).toBe(0)
  })

  it("records one trace at a time, and another one after it", async () => {
    const { ask } = await started()
    const body = { ops: true, bufferMegabytes: 1 }
    const first = await ask("POST", "/api/trace", {}, body)
    const bytes = read(first.body)
    expect((await ask("POST", "/api/trace", {}, body)).status).toBe(409)
    expect((await ask("POST", "/api/trace/stop")).status).toBe(200)
    expect(await bytes).toEqual(Buffer.concat(shopTrace()))
    await expect.poll(async () => (await ask("POST", "/api/trace", {}, body)).status).toBe(200)
  })

  it("says in the process's words why it does not record", async () => {
    const { ask, fake } = await started()
    fake.refusal = "another debugger is attached"
    const { body, status } = await ask("POST", "/api/trace", {}, { ops: true, bufferMegabytes: 1 })
    expect([status, (await read(body)).toString()]).toEqual([502, '{"error":"another debugger is attached"}'])
    fake.refusal = undefined
    expect((await ask("POST", "/api/trace", {}, { ops: true, bufferMegabytes: 1 })).status).toBe(200)
  })

  it("refuses what is no request for a trace", async () => {
    const { ask } = await started()
    for (const body of [{}, { ops: 1, bufferMegabytes: 1 }, { ops: true, bufferMegabytes: "much" }, null]) {
      expect((await ask("POST", "/api/trace", {}, body)).status).toBe(400)
    }
  })
})

describe("what is served", () => {
  it("keeps the last dump of a process that has ended, and says why", async () => {
    const { ask, fake } = await started()
    const before = await read((await ask("GET", "/api/dump")).body)
    fake.end("it exited with code 3")
    const { body } = await ask("GET", "/api/stats")
    expect((await read(body)).toString()).toContain('event: ended\ndata: {"reason":"it exited with code 3"}')
    expect((await read((await ask("GET", "/api/dump")).body)).equals(before)).toBe(true)
    const meta = JSON.parse((await read((await ask("GET", "/api/meta")).body)).toString()) as Meta
    expect(meta.ended).toBe("it exited with code 3")
  })

  it("gives a saved trace as it is, and knows no process", async () => {
    const folder = await mkdtemp(join(tmpdir(), "weft-ui-"))
    const path = join(folder, "shop.wefttrace")
    await pipeline(Readable.from(shopTrace()), createWriteStream(path))
    const { ask } = await started(path)
    expect((await read((await ask("GET", "/api/trace")).body)).equals(await readFile(path))).toBe(true)
    expect((await ask("GET", "/api/dump")).status).toBe(404)
    await rm(folder, { recursive: true })
  })

  it("fails before anybody is told an address when there is no such file", async () => {
    await expect(serve({ source: "/nowhere/shop.wefttrace" })).rejects.toThrow("ENOENT")
  })

  it("closes while pages look on", async () => {
    const { ask, served } = await started()
    const { body } = await ask("GET", "/api/stats")
    body.on("error", () => {})
    await served.close()
    await expect(ask("GET", "/api/stats")).rejects.toThrow()
  })
})

/** Waits until a count has stayed as it is for a while, and answers it. */
async function still(count: () => number, millis: number): Promise<number> {
  for (let before = count(); ; before = count()) {
    await sleep(millis)
    if (count() === before) return before
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly body: IncomingMessage
}

async function started(source: FakeProcess | string = new FakeProcess()) {
  const served = await serve({ source })
  open.push(served)
  const { hash, port } = new URL(served.url)
  const token = hash.replace("#token=", "")
  // Not fetch: it sets Host and Origin itself, and tidies paths up.
  const ask = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asking = request({
        ...{ host: "127.0.0.1", port, method, path, agent: false },
        headers: { [TOKEN_HEADER]: token, "content-type": "application/json", ...headers },
      })
      asking.on("response", (answer) => resolve({ status: answer.statusCode!, headers: answer.headers, body: answer }))
      asking.on("error", reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return { ask, served, token, port: Number(port), fake: source as FakeProcess }
}

async function read(body: IncomingMessage): Promise<Buffer> {
  const chunks: Array<Buffer> = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const firstEvent = (body: IncomingMessage): Promise<string> =>
  new Promise((resolve) => body.once("data", (chunk: Buffer) => resolve(chunk.toString())))
