/** Go's sync/oncefunc_test.go: what the collector shows. */
import { type Op, run } from "@weft/core"
import { onceFunc, onceValue } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { isCollected } from "../../../core/test/support/collected.node.ts"

/** Each is given what its function captures, and answers no closure of its own: one would share that. */
const kinds: Record<string, (buf: Uint8Array) => () => Op<unknown, unknown>> = {
  OnceFunc: (buf) =>
    onceFunc(() => {
      buf[0] = 1
    }),
  OnceValue: (buf) => onceValue(() => (buf[0] = 1)),
  OnceValues: (buf) => onceValue(() => [(buf[0] = 1), 2]),
  "OnceFunc panic": (buf) =>
    onceFunc(() => {
      buf[0] = 1
      throw new Error("test panic")
    }),
  "OnceValue panic": (buf) =>
    onceValue(function* () {
      buf[0] = 1
      throw new Error("test panic")
    }),
  "OnceValues panic": (buf) =>
    onceValue((): [number, number] => {
      buf[0] = 1
      throw new Error("test panic")
    }),
}

describe("sync/oncefunc_test", () => {
  it("OnceXGC (6 cases): f is kept until it was called, and collected afterwards, though what calls it is alive", async () => {
    for (const [name, make] of Object.entries(kinds)) {
      const made = (() => {
        const buf = new Uint8Array(1024)
        return { f: make(buf), buf: new WeakRef(buf) }
      })()
      expect(await isCollected(() => made.buf), `${name}: too early`).toBe(false)
      await run(made.f()).catch(() => undefined)
      expect(await isCollected(() => made.buf), `${name}: still live`).toBe(true)
      await run(made.f()).catch(() => undefined)
    }
    expect(Object.keys(kinds)).toHaveLength(6)
  })
})
