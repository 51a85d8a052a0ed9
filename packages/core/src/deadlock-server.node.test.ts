import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { go, Op, run } from "./index.ts"

type Request = readonly [IncomingMessage, ServerResponse]

describe("a server whose requests arrive through host callbacks", () => {
  afterEach(() => vi.useRealTimers())

  it("serves 1,000 with idle pauses: it is reported once at most, and nothing takes it down", async () => {
    const requests = new Mailbox<Request>()
    const server = createServer((...request) => requests.put(request))
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
    const { port } = server.address() as AddressInfo
    let reports = 0
    const stop = new AbortController()
    // The watch's idle timer passes at once when the test says so; everything else keeps real time.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const serving = run(
      function* () {
        for (;;) {
          const [request, response] = yield* requests.take
          go(function* () {
            yield* Op.fromPromise(Promise.resolve())
            response.end(request.url)
          })
        }
      },
      { signal: stop.signal, onDeadlock: () => reports++ },
    )
    try {
      for (let i = 0; i < 1000; i++) {
        if (i % 100 === 0) await vi.advanceTimersByTimeAsync(10_000)
        const response = await fetch(`http://127.0.0.1:${port}/${i}`)
        expect(await response.text()).toBe(`/${i}`)
      }
      expect(reports).toBe(1)
    } finally {
      stop.abort(new Error("stopped"))
      server.closeAllConnections()
      server.close()
    }
    await expect(serving).rejects.toThrow("stopped")
  })
})
