/** What the host clones, or refuses, comes so too where Weft has a part in the value: something in it is made again there, or given away. */
import { createSecretKey, generateKeyPairSync } from "node:crypto"
import { BlockList, SocketAddress } from "node:net"
import { chan } from "@weft/channels"
import { context, type Context, type Op, run } from "@weft/core"
import { SharedMutex } from "@weft/sync"
import { spawn, transfer } from "@weft/workers"
import { describe, expect, it, onTestFinished } from "vitest"
import { echo, square } from "./tasks/basic.ts"
import { type Holder, shown, shows, showsOfContext, showsReceived } from "./tasks/host-things.node.ts"

class Point {
  readonly x = 1
  readonly #y = 2
  get y(): number {
    return this.#y
  }
}

function channelOfHost(): MessageChannel {
  const made = new MessageChannel()
  onTestFinished(() => {
    made.port1.close()
    made.port2.close()
  })
  return made
}

const blocking = new BlockList()
blocking.addAddress("10.0.0.1")

const goes: Readonly<Record<string, () => unknown>> = {
  "a secret key": () => createSecretKey(Buffer.from("0123456789abcdef")),
  "a public key": () => generateKeyPairSync("ed25519").publicKey,
  "a BlockList": () => blocking,
  "a SocketAddress": () => new SocketAddress({ address: "127.0.0.1", port: 80 }),
  "a Blob": () => new Blob(["text"]),
  "an instance of a class": () => new Point(),
}

const isRefused: Readonly<Record<string, () => unknown>> = {
  "an Intl.NumberFormat": () => new Intl.NumberFormat("en"),
  "an iterator": () => [1, 2].values(),
  "a map's iterator": () => new Map([[1, 2]]).entries(),
  FormData: () => new FormData(),
  "a MessageChannel": channelOfHost,
  "a proxy of an object": () => new Proxy({ a: 1 }, {}),
  "a proxy of a list": () => new Proxy([1], {}),
  "a proxy of a Date": () => new Proxy(new Date(0), {}),
  arguments: () =>
    (function (..._: ReadonlyArray<number>) {
      // eslint-disable-next-line prefer-rest-params
      return arguments
    })(1, 2),
}

const company: Readonly<Record<string, () => unknown>> = {
  "a channel": () => chan(),
  "a lock": () => new SharedMutex(),
  "an error": () => new TypeError("beside"),
  "a task": () => square,
  "what is given away": () => transfer(new Uint8Array(4)),
}

const ways: Readonly<Record<string, (holder: Holder) => Generator<Op<unknown>, string, unknown>>> = {
  *"an argument"(holder) {
    return yield* spawn(shows, holder)
  },
  *"a result"(holder) {
    return shown(((yield* spawn(echo, holder)) as Holder).it)
  },
  *"a value sent"(holder) {
    const values = chan<Holder>()
    const there = spawn(showsReceived, values)
    try {
      yield* values.send(holder)
      return yield* there
    } finally {
      there.interrupt()
    }
  },
}

function* inContext(ctx: Context): Generator<Op<unknown>, string, unknown> {
  return yield* spawn(showsOfContext, ctx)
}

/** What is shown of it, or the error. */
function* outcome(way: Generator<Op<unknown>, string, unknown>): Generator<Op<unknown>, string, unknown> {
  try {
    return yield* way
  } catch (error) {
    return (error as Error).name
  }
}

describe.each(Object.entries({ ...goes, ...isRefused }))("%s", (kind, make) => {
  it.each(Object.keys(company))("comes beside %s as it does alone, in arguments, results and values sent", (other) =>
    run(function* () {
      const value = make()
      for (const way of Object.values(ways)) {
        const alone = yield* outcome(way({ it: value }))
        expect(alone === "NotCloneable").toBe(kind in isRefused)
        expect(yield* outcome(way({ it: value, beside: company[other]!() }))).toBe(alone)
      }
    }),
  )

  it("comes in a context as it does alone", () =>
    run(function* () {
      const value = make()
      const alone = yield* outcome(ways["an argument"]!({ it: value }))
      const ctx = context.withValue(context.background, "it", value)
      expect(yield* outcome(inContext(ctx))).toBe(alone)
    }))
})
