/** Go's runtime/chanbarrier_test.go: what is handed over survives any collection, and is dropped once nobody has it. */
import { chan, select } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import { describe, expect, it } from "vitest"

const collect = (globalThis as unknown as { gc: () => void }).gc

interface Response {
  readonly text: string
}

describe("runtime/chanbarrier_test", () => {
  for (const [name, sending] of [
    ["ChanSendBarrier", "plain"],
    ["ChanSendSelectBarrier", "select"],
  ] as const) {
    it(`${name}: objects handed over (${sending} send) survive collections at any moment`, () =>
      run(function* () {
        const requests = chan<{ readonly reply: ReturnType<typeof chan<Response>>; readonly id: number }>()
        go(function* () {
          yield* requests.forEach(function* ({ id, reply }) {
            const response: Response = { text: `response ${id}`.repeat(10) }
            if (sending === "plain") yield* reply.send(response)
            else yield* select({ out: reply.send(response) })
          })
        })
        const clients = Array.from({ length: 10 }, (_, client) =>
          go(function* () {
            for (let i = 0; i < 10; i++) {
              const reply = chan<Response>()
              const id = client * 100 + i
              yield* requests.send({ reply, id })
              if (i % 5 === 0) collect()
              yield* gosched()
              expect((yield* reply.receive())?.text).toBe(`response ${id}`.repeat(10))
            }
          }),
        )
        for (const client of clients) yield* client
        requests.close()
      }))
  }
})
