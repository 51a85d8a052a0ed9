/** Channels against a model of a few lines, step by step: waits are promises, so each step is over when its call returns. */
import { buffer, chan, type Channel, ChannelClosed, select } from "@weft/channels"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"

type Step =
  | { readonly do: "send" | "receive" | "trySend" | "tryReceive" | "select" | "close" }
  | { readonly do: "abort"; readonly which: number }

type Outcome = { readonly value: unknown } | "aborted" | "closed"

/** Somebody who waits: what the channel did for him, and what the model says. */
interface Waiting {
  readonly abort: AbortController
  readonly actual: Promise<Outcome>
  expected: Outcome | undefined
  readonly sends: ReadonlyArray<number>
  readonly receives: boolean
}

class Model {
  readonly buffered: Array<number> = []
  readonly receivers: Array<Waiting> = []
  readonly senders: Array<Waiting> = []
  closed = false
  readonly capacity: number
  readonly full: "wait" | "slide" | "drop"

  constructor(capacity: number, full: "wait" | "slide" | "drop") {
    this.capacity = capacity
    this.full = full
  }

  /** Whether it was sent. */
  send(value: number): boolean {
    const receiver = this.receivers[0]
    if (receiver !== undefined) {
      this.settle(receiver, { value: receiver.sends.length > 0 ? { case: "in", value: { ok: true, value } } : value })
      return true
    }
    if (this.buffered.length < this.capacity) this.buffered.push(value)
    else if (this.full === "slide") {
      this.buffered.shift()
      this.buffered.push(value)
    } else return this.full === "drop"
    return true
  }

  receive(): { readonly ok: boolean; readonly value: number | undefined } | undefined {
    const sender = this.senders[0]
    if (this.buffered.length > 0) {
      const value = this.buffered.shift()!
      if (sender !== undefined) this.buffered.push(this.takeFrom(sender))
      return { ok: true, value }
    }
    if (sender !== undefined) return { ok: true, value: this.takeFrom(sender) }
    return this.closed ? { ok: false, value: undefined } : undefined
  }

  close(): void {
    this.closed = true
    for (const receiver of [...this.receivers])
      this.settle(receiver, {
        value: receiver.sends.length > 0 ? { case: "in", value: { ok: false, value: undefined } } : undefined,
      })
    for (const sender of [...this.senders]) this.settle(sender, "closed")
  }

  settle(waiting: Waiting, outcome: Outcome): void {
    waiting.expected = outcome
    for (const list of [this.receivers, this.senders]) {
      const at = list.indexOf(waiting)
      if (at >= 0) list.splice(at, 1)
    }
  }

  private takeFrom(sender: Waiting): number {
    this.settle(sender, { value: sender.receives ? { case: "out", value: undefined } : undefined })
    return sender.sends[0]!
  }
}

const kinds: ReadonlyArray<readonly [string, () => Channel<number>, () => Model]> = [
  ["unbuffered", () => chan(), () => new Model(0, "wait")],
  ["capacity 1", () => chan(1), () => new Model(1, "wait")],
  ["capacity 3", () => chan(3), () => new Model(3, "wait")],
  ["sliding 2", () => chan(buffer.sliding(2)), () => new Model(2, "slide")],
  ["dropping 2", () => chan(buffer.dropping(2)), () => new Model(2, "drop")],
  ["unbounded", () => chan(buffer.unbounded()), () => new Model(Infinity, "wait")],
]

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ do: "send" }) },
    { weight: 3, arbitrary: fc.constant<Step>({ do: "receive" }) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: "select" }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "trySend" }, { do: "tryReceive" }) },
    { weight: 2, arbitrary: fc.nat({ max: 9 }).map((which): Step => ({ do: "abort", which })) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: "close" }) },
  ),
  { maxLength: 40 },
)

describe.each(kinds)("a channel (%s)", (_, make, makeModel) => {
  it("does what the model does, step by step, aborts included", () =>
    fc.assert(
      fc.asyncProperty(steps, async (program) => {
        const [ch, model] = [make(), makeModel()]
        const all: Array<Waiting> = []
        let n = 0
        const wait = (
          start: (signal: AbortSignal) => Promise<unknown>,
          sends: ReadonlyArray<number>,
          receives: boolean,
        ) => {
          const abort = new AbortController()
          const actual = start(abort.signal).then(
            (value): Outcome => ({ value }),
            (error: unknown): Outcome => {
              if (error instanceof ChannelClosed) return "closed"
              expect(error).toBe("stop")
              return "aborted"
            },
          )
          const waiting: Waiting = { abort, actual, expected: undefined, sends, receives }
          all.push(waiting)
          return waiting
        }
        for (const step of program) {
          switch (step.do) {
            case "send": {
              const value = n++
              const waiting = wait((signal) => ch.send(value).promise(signal), [value], false)
              if (model.closed) waiting.expected = "closed"
              else if (model.send(value)) waiting.expected = { value: undefined }
              else model.senders.push(waiting)
              break
            }
            case "receive": {
              const waiting = wait((signal) => ch.receive().promise(signal), [], true)
              const got = model.receive()
              if (got !== undefined) waiting.expected = { value: got.value }
              else model.receivers.push(waiting)
              break
            }
            case "select": {
              // Ordered, so that the model needs no choice: receives if it can, else sends if it can.
              const value = n++
              const waiting = wait(
                (signal) => select.ordered({ in: ch.next(), out: ch.send(value) }).promise(signal),
                [value],
                true,
              )
              const got = model.receive()
              if (got !== undefined) waiting.expected = { value: { case: "in", value: got } }
              else if (model.send(value)) waiting.expected = { value: { case: "out", value: undefined } }
              else {
                model.receivers.push(waiting)
                model.senders.push(waiting)
              }
              break
            }
            case "trySend": {
              const value = n++
              if (model.closed) expect(() => ch.trySend(value)).toThrow(ChannelClosed)
              else expect(ch.trySend(value)).toBe(model.send(value))
              break
            }
            case "tryReceive":
              expect(ch.tryReceive()).toEqual(model.receive())
              break
            case "abort": {
              const waiting = all[step.which % Math.max(1, all.length)]
              if (waiting === undefined) break
              if (waiting.expected === undefined) model.settle(waiting, "aborted")
              waiting.abort.abort("stop")
              break
            }
            case "close":
              if (model.closed) expect(() => ch.close()).toThrow(ChannelClosed)
              else {
                model.close()
                ch.close()
              }
          }
          expect([ch.length, ch.receivers.length, ch.senders.length, ch.closed]).toEqual([
            model.buffered.length,
            model.receivers.length,
            model.senders.length,
            model.closed,
          ])
        }
        // Whoever waits still is told to stop: nobody else may be settled by that.
        for (const waiting of all) if (waiting.expected === undefined) model.settle(waiting, "aborted")
        for (const waiting of all) waiting.abort.abort("stop")
        for (const waiting of all) expect(await waiting.actual).toEqual(waiting.expected)
        expect([ch.receivers.isEmpty, ch.senders.isEmpty]).toEqual([true, true])
      }),
      { numRuns: schedules(300) },
    ))
})
