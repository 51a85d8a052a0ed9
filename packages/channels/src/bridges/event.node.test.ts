import { EventEmitter } from "node:events"
import { run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { fromEvent } from "./event.ts"

describe("fromEvent of a Node EventEmitter", () => {
  it("gives the first argument of every event until it is stopped", () =>
    run(function* () {
      const emitter = new EventEmitter()
      const events = fromEvent<number>(emitter, "data")
      emitter.emit("data", 1, "more")
      emitter.emit("data", 2)
      expect([yield* events.receive(), yield* events.receive()]).toEqual([1, 2])
      events.stop()
      expect(emitter.listenerCount("data")).toBe(0)
      expect((yield* events.next()).ok).toBe(false)
    }))
})
