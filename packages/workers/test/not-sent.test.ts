import { after, chan, Ticker } from "@weft/channels"
import { context, go, type Goroutine, run } from "@weft/core"
import { Mutex } from "@weft/sync"
import { Pool, NotCloneable, spawn, transfer } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, firstBytes, oddResult, returningPort, sendOne, spawningPort, square, unclonable } from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"

const given = (): Uint8Array => {
  const used = new Uint8Array(4)
  structuredClone(used, { transfer: [used.buffer] })
  return used
}

describe("what can't be sent", () => {
  it("is refused at the spawn, with its place in the arguments", () => {
    const user = { name: "ann", callback: () => 1 }
    expect(() => spawn(echo, { user })).toThrow('workers: task "echo": args[0].user.callback is a function; pass data')
    expect(() => spawn(echo, [1, [Symbol("s")]])).toThrow("args[0][1][0] is a symbol")
    expect(() => spawn(echo, new Map([["k", Promise.resolve()]]))).toThrow('args[0].get("k") is a Promise; wait for it')
    expect(() => spawn(echo, { "odd key": new Mutex() })).toThrow(
      'args[0]["odd key"] is a Mutex, which lives in one thread; use a SharedMutex',
    )
    expect(() => spawn(echo, () => 1)).toThrow(NotCloneable)
  })

  it("is a panic of the task's goroutine where a result can't be", () =>
    run(function* () {
      const error = (yield* thrownBy(spawn(unclonable))) as Error
      expect(error.message).toContain("its result.inner.f is a function")
    }))

  it.each([
    ["a context", () => context.background],
    ["an AbortSignal", () => AbortSignal.abort()],
  ])("is %s in a result, or sent over a channel: it goes along with a task only", (what, make) =>
    run(function* () {
      const advice = `is ${what}, which goes along with a task only; pass it as an argument`
      expect(yield* thrownBy(spawn(echo, { it: make() }))).toMatchObject({
        name: "NotCloneable",
        message: `workers: task "echo": its result.it ${advice}`,
      })
      const out = chan<unknown>(1)
      expect(yield* thrownBy(spawn(sendOne, out, { it: make() }))).toMatchObject({
        name: "NotCloneable",
        message: expect.stringContaining(`the value sent.it ${advice}`) as string,
      })
      expect(out.length).toBe(0)
    }),
  )

  it("is said to be where it is, and what, though only the host can tell", () =>
    run(function* () {
      const odd = new Map([["k", [1, new Intl.NumberFormat()]]])
      expect(yield* thrownBy(spawn(echo, { odd }))).toMatchObject({
        message: expect.stringMatching(
          /^workers: task "echo": args\[0\]\.odd\.get\("k"\)\[1\] is an instance of Intl\.NumberFormat, which this host does not send \(.*\); pass plain data$/,
        ) as string,
        fields: { value: odd.get("k")![1] },
      })
      expect(yield* thrownBy(spawn(oddResult))).toMatchObject({
        message: expect.stringContaining(
          'task "oddResult": its result[0].by is an instance of Array Iterator',
        ) as string,
      })
    }))

  it("is said to be in a context under its key", () =>
    run(function* () {
      const within = (key: unknown, value: unknown) => [context.withValue(context.background, key, value)]
      expect(() => spawn(echo, within("user", { callback: () => 1 }))).toThrow(
        'args[0][0].value("user").callback is a function',
      )
      expect(() => spawn(echo, within(Symbol.for("user"), Promise.resolve()))).toThrow(
        'args[0][0].value(Symbol.for("user")) is a Promise',
      )
      expect(yield* thrownBy(spawn(echo, within(7, { by: [1].values() })))).toMatchObject({
        message: expect.stringContaining("args[0][0].value(7).by is an instance of Array Iterator") as string,
      })
    }))

  const isStream = "is an instance of ReadableStream, which this host does not send ("
  it.each<[string, string, (given: MessagePort) => Goroutine<unknown, unknown>]>([
    ["an argument", "args[0][1]", (given) => spawn(echo, [transfer(given), new ReadableStream()])],
    ["an argument of what a task spawns", "args[0][1]", () => spawn(spawningPort)],
    ["a result", "its result[1]", () => spawn(returningPort)],
  ])("is %s, and not what is given away beside it", (_what, path, start) =>
    run(function* () {
      const { port1, port2 } = new MessageChannel()
      const { message } = (yield* thrownBy(start(port1))) as Error
      expect(message).toContain(`${path} ${isStream}`)
      expect(message).toContain("give it away: transfer(stream)")
      for (const port of [port1, port2]) port.close()
    }),
  )

  it("is what is given away, where the host takes all but that", () =>
    run(function* () {
      const { port1, port2 } = new MessageChannel()
      const moved = structuredClone(port1, { transfer: [port1] })
      expect(yield* thrownBy(spawn(echo, [new Date(0), transfer(port1)]))).toMatchObject({
        message: expect.stringContaining("args[0][1] is to be given away, which this host refuses (") as string,
        fields: { value: port1 },
      })
      for (const port of [moved, port2]) port.close()
    }))

  it.each<[string, () => unknown]>([
    ["a pool, which spawns from its own thread; spawn here what the task was to spawn there", () => new Pool()],
    ["a timer or flow, which lives in one thread; make it there, or", () => after(1)],
    ["a timer or flow, which lives in one thread; make it there, or", () => new Ticker(1)],
    ["an AbortController; pass its signal", () => new AbortController()],
  ])("is %s", (what, make) => {
    expect(() => spawn(echo, make())).toThrow(`args[0] is ${what}`)
  })

  it("is a URL, or Headers, with what to pass", () => {
    expect(() => spawn(echo, { to: new URL("http://x") })).toThrow("args[0].to is a URL; pass its href")
    expect(() => spawn(echo, new Headers())).toThrow("args[0] is a Headers; pass [...headers]")
  })

  it.each<[string, () => unknown]>([
    ["an object, without a list", () => transfer({ bytes: new Uint8Array(1) })],
    ["a number", () => transfer(1)],
    ["memory that was given away before", () => transfer(given())],
    ...(typeof SharedArrayBuffer === "undefined"
      ? []
      : [["shared memory", () => transfer(new Uint8Array(new SharedArrayBuffer(1)))] as [string, () => unknown]]),
  ])("is a transfer of %s", (what, make) => {
    expect(() => spawn(echo, [make()])).toThrow(`args[0][0] is a transfer of ${what}; `)
  })

  it("is what was given away before the call is sent", () =>
    run(function* () {
      const bytes = transfer(new Uint8Array(2))
      const first = spawn(firstBytes, bytes, 1)
      const again = go(thrownBy, spawn(firstBytes, bytes, 1))
      expect(yield* first).toBeDefined()
      expect(yield* again).toMatchObject({
        message: expect.stringContaining("args[0] is memory that was given away before") as string,
      })
    }))

  it.runIf("Buffer" in globalThis)("is a Buffer whose memory Node keeps for many, if it is to be given away", () =>
    run(function* () {
      expect(yield* thrownBy(spawn(echo, transfer(Buffer.from("some"))))).toMatchObject({
        message: expect.stringMatching(
          /args is to be given away, which this host refuses \(.*\); transfer a copy: /,
        ) as string,
      })
    }),
  )

  it("fails alone, among those sent with it, where only the host can tell", () =>
    run(function* () {
      const before = spawn(square, 2)
      const bad = spawn(echo, new Proxy({}, {}))
      const after = spawn(square, 3)
      expect(yield* thrownBy(bad)).toBeInstanceOf(NotCloneable)
      expect([yield* before, yield* after]).toEqual([4, 9])
    }))
})
