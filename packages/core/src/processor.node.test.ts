import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, it } from "vitest"
import { go, Op, run } from "./index.ts"

it("a goroutine in an endless loop of ready ops lets an HTTP request through, both ends of it", async () => {
  const server = createServer((request, response) => response.end(`you asked for ${request.url}`))
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as AddressInfo
  try {
    const texts = await run(function* () {
      let rounds = 0
      go(function* () {
        const ready = Op.make<number>({ name: "ready", poll: () => ++rounds, enqueue() {}, dequeue() {} })
        for (;;) yield* ready
      })
      const texts: Array<string> = []
      for (const path of ["/a", "/b", "/c"]) {
        const response = yield* Op.fromPromise((signal) => fetch(`http://127.0.0.1:${port}${path}`, { signal }))
        texts.push(yield* Op.fromPromise(() => response.text()))
      }
      expect(rounds).toBeGreaterThan(1000)
      return texts
    })
    expect(texts).toEqual(["you asked for /a", "you asked for /b", "you asked for /c"])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
