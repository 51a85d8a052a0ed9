/** The larger example of Go's testing/synctest: a network in memory, and nothing left to chance. */
import { chan, type Channel } from "@weft/channels"
import { go, type Op, sleep } from "@weft/core"
import { synctest, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"

/** One end of a connection in memory, unbuffered as Go's net.Pipe: lines to write, lines to read. */
interface Connection {
  readonly write: (line: string) => Op<void>
  readonly read: () => Op<string | undefined>
  readonly close: () => void
}

function pipe(): readonly [Connection, Connection] {
  const [there, back] = [chan<string>(), chan<string>()]
  const end = (out: Channel<string>, into: Channel<string>): Connection => ({
    write: (line) => out.send(line),
    read: () => into.receive(),
    close: () => out.close(),
  })
  return [end(there, back), end(back, there)]
}

/** As an HTTP client does: sends the head, waits for "100 Continue" or for a second, then sends the body. */
function* request(connection: Connection, body: () => Generator<Op<unknown>, string, unknown>) {
  yield* connection.write("PUT /path HTTP/1.1")
  yield* connection.write("Expect: 100-continue")
  const continued = chan<string | undefined>(1)
  const reader = go(function* () {
    for (let line = yield* connection.read(); line !== undefined; line = yield* connection.read()) {
      yield* continued.send(line)
      if (line.startsWith("HTTP/1.1 200")) return line
    }
    return undefined
  })
  const limit = go(function* () {
    yield* sleep("1 second")
    continued.trySend(undefined)
  })
  const first = yield* continued.receive()
  limit.interrupt()
  if (first === undefined || first === "HTTP/1.1 100 Continue") yield* connection.write(yield* body())
  if (first?.startsWith("HTTP/1.1 200") !== true) yield* continued.receive()
  return yield* reader
}

describe("testing/synctest", () => {
  it("HTTP 100-continue: no body is sent before the server asks for it, and at once when it does", () =>
    synctest(function* () {
      const [client, server] = pipe()
      let isBodyRead = false
      const sending = go(() =>
        request(client, function* () {
          isBodyRead = true
          yield* waitForNothing()
          return "request body"
        }),
      )
      expect(yield* server.read()).toBe("PUT /path HTTP/1.1")
      expect(yield* server.read()).toBe("Expect: 100-continue")

      yield* waitIdle()
      expect(isBodyRead).toBe(false)

      yield* server.write("HTTP/1.1 100 Continue")
      yield* waitIdle()
      expect(isBodyRead).toBe(true)
      expect(yield* server.read()).toBe("request body")

      yield* server.write("HTTP/1.1 200 OK")
      expect(yield* sending).toBe("HTTP/1.1 200 OK")
    }))

  it("HTTP 100-continue: after a second without an answer it is sent all the same, to the moment", () =>
    synctest(function* () {
      const [client, server] = pipe()
      let isBodyRead = false
      const sending = go(() =>
        request(client, function* () {
          isBodyRead = true
          yield* waitForNothing()
          return "request body"
        }),
      )
      for (let i = 0; i < 2; i++) yield* server.read()
      yield* sleep(999)
      yield* waitIdle()
      expect(isBodyRead).toBe(false)
      yield* sleep(1)
      yield* waitIdle()
      expect(isBodyRead).toBe(true)
      expect(yield* server.read()).toBe("request body")
      yield* server.write("HTTP/1.1 200 OK")
      expect(yield* sending).toBe("HTTP/1.1 200 OK")
    }))
})

const waitForNothing = (): Op<void> => sleep(0)
