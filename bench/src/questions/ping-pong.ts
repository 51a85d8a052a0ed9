/** Two goroutines and two unbuffered channels; a batch is one round trip. */
import { chan } from "@weft/channels"
import { go, run } from "@weft/core"
import { channel } from "@thi.ng/csp"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import csp, { type Instruction } from "js-csp"
import { PromiseChannel } from "../promise-channel.ts"
import type { TimeQuestion } from "../question.ts"
import { runJsCsp } from "../run-js-csp.ts"

export const question: TimeQuestion = {
  name: "ping-pong",
  title: "Unbuffered ping-pong",
  measures: "time",
  operation: "round trip",
  operations: 1,
  hot: true,
  target: { toGo: 0.8 },
  missing: {},
  remarks: { "thi.ng": "its smallest capacity is 1; a write still resolves only when it is read" },
  checksum: (batches) => batches,
  weft: (batches) =>
    run(function* () {
      const ping = chan<number>()
      const pong = chan<number>()
      go(function* () {
        for (;;) {
          const v = yield* ping.receive()
          if (v === undefined) return
          yield* pong.send(v + 1)
        }
      })
      let v: number | undefined = 0
      for (let i = 0; i < batches; i++) {
        yield* ping.send(v ?? 0)
        v = yield* pong.receive()
      }
      ping.close()
      return v ?? 0
    }),
  rivals: { promises, effect, "thi.ng": thing, "js-csp": jsCsp },
}

async function promises(batches: number): Promise<number> {
  const ping = new PromiseChannel<number>()
  const pong = new PromiseChannel<number>()
  void (async () => {
    for (;;) {
      const v = await ping.receive()
      if (v === undefined) return
      await pong.send(v + 1)
    }
  })()
  let v: number | undefined = 0
  for (let i = 0; i < batches; i++) {
    await ping.send(v ?? 0)
    v = await pong.receive()
  }
  ping.close()
  return v ?? 0
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const ping = yield* Queue.bounded<number>(0)
      const pong = yield* Queue.bounded<number>(0)
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (;;) yield* Queue.offer(pong, (yield* Queue.take(ping)) + 1)
        }),
      )
      let v = 0
      for (let i = 0; i < batches; i++) {
        yield* Queue.offer(ping, v)
        v = yield* Queue.take(pong)
      }
      return v
    }),
  )
}

async function thing(batches: number): Promise<number> {
  const ping = channel<number>(1)
  const pong = channel<number>(1)
  void (async () => {
    for (;;) {
      const v = await ping.read()
      if (v === undefined) return
      await pong.write(v + 1)
    }
  })()
  let v: number | undefined = 0
  for (let i = 0; i < batches; i++) {
    await ping.write(v ?? 0)
    v = await pong.read()
  }
  ping.close()
  return v ?? 0
}

function jsCsp(batches: number): Promise<number> {
  return runJsCsp(function* (): Generator<Instruction, number, number> {
    const ping = csp.chan<number>()
    const pong = csp.chan<number>()
    csp.go(function* (): Generator<Instruction, void, number | null> {
      for (;;) {
        const v = yield csp.take(ping)
        if (v === csp.CLOSED) return
        yield csp.put(pong, v + 1)
      }
    })
    let v = 0
    for (let i = 0; i < batches; i++) {
      yield csp.put(ping, v)
      v = yield csp.take(pong)
    }
    ping.close()
    return v
  })
}
