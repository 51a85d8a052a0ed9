/** The service of `serve`, looked into from outside: each switch makes what it says, and the devtools find the line. */
import { readFileSync } from "node:fs"
import { setImmediate } from "node:timers/promises"
import { type AttachedProcess, attach, readTimeline, summarize, waitGraph } from "@weft/devtools"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Service, startService } from "../src/observed/start-service.ts"
import { start } from "./demo.ts"

let service: Service
let attached: AttachedProcess
const said: Array<string> = []

beforeAll(async () => {
  service = await startService(0, (line) => said.push(line))
  attached = await attach(service.pid)
  await turn("customers", false)
})

afterAll(async () => {
  await attached.detach()
  await service[Symbol.asyncDispose]()
  expect(said).toEqual([])
})

const ask = (path: string, init?: RequestInit) => fetch(service.site + path, init)
const json = async (path: string, init?: RequestInit): Promise<unknown> => (await ask(path, init)).json()
const turn = (name: string, isOn: boolean) => json(`/switches?name=${name}&on=${isOn}`, { method: "POST" })

/** `quote.ts:15`, of the line that has this text. */
function place(file: string, text: string): string {
  const lines = readFileSync(new URL(`../src/service/${file}`, import.meta.url), "utf8").split("\n")
  return `/apps/demo/src/service/${file}:${1 + lines.findIndex((line) => line.includes(text))}:`
}

const allGoroutines = async () => (await attached.dump()).threads.flatMap(({ goroutines }) => goroutines)

/** What it gives, once that is something. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("the service", () => {
  it("quotes, takes orders, restocks and reports", async () => {
    expect(await json("/quote?text=Hello")).toMatchObject({ text: "Hello", cents: expect.any(Number) as number })
    const order = await json("/orders?text=Ahoy", { method: "POST" })
    expect(order).toMatchObject({ rows: ["~~~~", "Ahoy", "~~~~"] })
    expect(await json("/restock", { method: "POST" })).toMatchObject({ entry: expect.any(Number) as number })
    const { high, likely, low } = (await json("/report")) as { low: number; likely: number; high: number }
    expect(low < likely && likely < high).toBe(true)
  })

  it.each([
    { path: "/quote", init: {}, status: 400 },
    { path: `/quote?text=${"x".repeat(61)}`, init: {}, status: 400 },
    { path: "/switches?name=toString&on=true", init: { method: "POST" }, status: 400 },
    { path: "/switches?name=leak", init: {}, status: 404 },
    { path: "/quote?text=a", init: { headers: { origin: "http://example.com" } }, status: 403 },
  ])("answers $path with $status and says why", async ({ init, path, status }) => {
    const response = await ask(path, init)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.any(String) as string })
  })

  it("gives a handler up when its client goes", async () => {
    const controller = new AbortController()
    const live = await ask("/live", { signal: controller.signal })
    const listeners = async () => (await allGoroutines()).filter(({ name }) => name === "GET /live").length
    expect(await listeners()).toBe(1)
    controller.abort()
    await eventually(async () => ((await listeners()) === 0 ? true : undefined))
    await live.text().catch(() => undefined)
  })
})

describe("its switches", () => {
  it("leak a goroutine for each quote, named with its lines", async () => {
    const leaked = async () => (await attached.leaks()).threads.flatMap((thread) => thread.leaked)
    await json("/quote?text=Hello")
    await eventually(async () =>
      (await allGoroutines()).some(({ name }) => name.startsWith("ask")) ? undefined : true,
    )
    expect(await leaked()).toEqual([])

    await turn("leak", true)
    for (let i = 0; i < 5; i++) await json("/quote?text=Hello")
    await turn("leak", false)
    const isForgotten = ({ name, reason }: { name: string; reason?: string }) =>
      name.startsWith("ask the") && reason === "chan send"
    await eventually(async () => ((await allGoroutines()).filter(isForgotten).length === 5 ? true : undefined))
    const found = await leaked()
    expect(found.filter(isForgotten)).toHaveLength(5)
    expect(found).toHaveLength(5)
    for (const { stack, startedAt } of found) {
      expect(stack[0]).toContain(place("quote.ts", "answers.send"))
      expect(startedAt).toContain(place("quote.ts", "go.named"))
    }
  })

  it("deadlock a handler and a bookkeeper, while quotes go on, and let them go again", async () => {
    await turn("customers", true)
    await turn("deadlock", true)
    const [knot] = await eventually(async () => {
      const { knots } = waitGraph(await attached.dump())
      return knots.length === 0 ? undefined : knots
    })
    expect(knot!.kind).toBe("deadlock")
    const members = knot!.members.map(({ goroutine }) => goroutine).toSorted((a, b) => a.name.localeCompare(b.name))
    expect(members.map(({ name }) => name)).toEqual(
      ["bookkeeper", "POST /restock"].toSorted((a, b) => a.localeCompare(b)),
    )
    expect(members.find(({ name }) => name === "bookkeeper")!.stack[0]).toContain(place("orders.ts", "using _stock"))
    expect(members.find(({ name }) => name === "POST /restock")!.stack[0]).toContain(
      place("restock.ts", "using _second"),
    )
    expect((await ask("/quote?text=Hello")).status).toBe(200)
    expect((await ask("/orders?text=Ahoy", { method: "POST" })).status).toBe(503)

    await turn("deadlock", false)
    await turn("customers", false)
    await eventually(async () => ((await ask("/orders?text=Ahoy", { method: "POST" })).ok ? true : undefined))
    expect(waitGraph(await attached.dump()).knots).toEqual([])
  })

  it("starve everybody by the report, which the trace shows as the longest run", async () => {
    const longestOfMain = async () => {
      const parts: Array<Uint8Array> = []
      const trace = await attached.trace({ ops: false, bufferBytes: 2 ** 20 }, (bytes) => void parts.push(bytes))
      await attached.stats() // lateness counts from here
      await json("/report")
      const { threads } = await attached.stats()
      await trace.stop()
      const { longestRuns } = summarize(await readTimeline(parts), { most: 100 })
      const longest = longestRuns.find(({ thread }) => thread === 0)!
      return { longest, loopDelayMillis: threads.find(({ thread }) => thread === 0)!.loopDelayMillis }
    }
    expect((await longestOfMain()).longest.name).not.toBe("forecast")
    await turn("starve", true)
    const { longest, loopDelayMillis } = await longestOfMain()
    await turn("starve", false)
    expect(longest.name).toBe("forecast")
    expect(longest.site).toContain(place("report.ts", "go(forecast"))
    expect(longest.nanos).toBeGreaterThan(20e6)
    expect(loopDelayMillis).toBeGreaterThan(20)
  })
})

describe("the command", { tags: "long" }, () => {
  it("prints both addresses and the process, and ends all of it by Ctrl-C", async () => {
    const running = start(["serve", "--port", "0", "--ui-port", "0"])
    await running.printed("Ctrl-C ends it.")
    running.interrupt()
    const { code, stderr, stdout } = await running.ended
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" })
    const [, site] = /the service +(http:\S+)/.exec(stdout)!
    const [, pid] = /weft -- dump (\d+)/.exec(stdout)!
    expect(stdout).toMatch(/the devtools +http:\/\/127\.0\.0\.1:\d+\/#token=\S+/)
    await expect(fetch(site!)).rejects.toThrow()
    expect(isAlive(Number(pid))).toBe(false)
  })

  it("says so when a port is taken", async () => {
    const port = new URL(service.site).port
    const { code, stderr } = await start(["serve", "--port", port, "--ui-port", "0"]).ended
    expect(code).toBe(1)
    expect(stderr.replace(/\s+/g, " ")).toContain(`Port ${port} is in use; choose another with --port`)
  })

  it("leaves no service behind when it is killed", async () => {
    const running = start(["serve", "--port", "0", "--ui-port", "0"])
    await running.printed("Ctrl-C ends it.")
    running.kill()
    const { stdout } = await running.ended
    const pid = Number(/weft -- dump (\d+)/.exec(stdout)![1])
    await eventually(async () => {
      await setImmediate()
      return isAlive(pid) ? undefined : true
    })
  })
})
