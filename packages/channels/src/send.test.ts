import { currentProcessor, Waiter } from "@weft/core"
import { describe, expect, it } from "vitest"
import { chan } from "./chan.ts"

class Recorder extends Waiter {
  readonly processor = currentProcessor()
  readonly heard: Array<unknown> = []

  commit(raw: unknown): void {
    this.heard.push(raw)
  }
  fail(error: unknown): void {
    this.heard.push(error)
  }
}

describe("a send that waits", () => {
  it("keeps its value in the waiter's slot, and takes it out again when it is withdrawn", () => {
    const ch = chan<object>()
    const [waiter, value] = [new Recorder(), {}]
    const send = ch.send(value)
    send.enqueue(waiter)
    expect(waiter.slot).toBe(value)
    void send.dequeue(waiter)
    expect([waiter.slot, ch.senders.isEmpty, waiter.heard]).toEqual([undefined, true, []])
  })

  it("leaves a waiter alone that stands in no list", () => {
    const ch = chan<number>()
    const [send, waiting, stranger] = [ch.send(1), new Recorder(), new Recorder()]
    send.enqueue(waiting)
    void send.dequeue(stranger)
    expect(ch.senders.length).toBe(1)
    expect(ch.tryReceive()).toEqual({ ok: true, value: 1 })
    expect(waiting.heard).toEqual([undefined])
  })
})
