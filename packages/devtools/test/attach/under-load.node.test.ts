import { Agent, request } from "node:http"
import { expect, it } from "vitest"
import { attach } from "../../src/index.ts"
import { readTimeline } from "../../src/trace/timeline.ts"
import { Program } from "./program.ts"

const connections = 8
const requestsTraced = 500

/** Asks for the squares of 0, 1, 2 ... on all connections, until `isEnough`. Answers how many there were; each must be right. */
async function load(port: number, isEnough: () => boolean): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let asked = 0
  const client = async () => {
    while (!isEnough()) {
      const n = asked++
      const body = await new Promise<string>((resolve, reject) => {
        request({ host: "127.0.0.1", port, path: `/${n}`, agent }, (response) => {
          let text = ""
          response.on("data", (data: Buffer) => (text += data.toString())).on("end", () => resolve(text))
        })
          .on("error", reject)
          .end()
      })
      expect(body).toBe(String(n * n))
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  return asked
}

it("a server under load answers every request while it is attached to, dumped, traced and left again, and each is in the trace", async () => {
  await using server = await Program.start("http.ts")
  const port = Number(server.detail)
  let isOver = false
  const served = load(port, () => isOver)
  let inTrace = 0
  for (let round = 0; round < 3; round++) {
    const parts: Array<Uint8Array> = []
    await using attached = await attach(server.pid)
    await attached.dump()
    const trace = await attached.trace({ ops: true, bufferBytes: 2 ** 22 }, (bytes) => void parts.push(bytes))
    let left = requestsTraced
    const during = await load(port, () => left-- <= 0)
    await trace.stop()
    const { texts, threads } = await readTimeline(parts)
    const { gaps, goroutines } = threads[0]!
    expect(gaps.length).toBe(0)
    const requests = goroutines.name.filter((name) => texts[name] === "request").length
    expect(requests).toBeGreaterThanOrEqual(during)
    inTrace += requests
  }
  isOver = true
  expect(await served).toBeGreaterThan(0)
  expect(inTrace).toBeGreaterThanOrEqual(3 * requestsTraced)
})
