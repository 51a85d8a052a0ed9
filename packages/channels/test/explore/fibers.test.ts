/**
 * Effects and goroutines on the same channels, in many schedules, taken by chance.
 *
 * A fiber that an op resumes runs on at once, in the middle of the step of whoever resumed it: it may send, receive, select and close
 * before that step goes on, and before a select of its own that is over has been withdrawn from everywhere.
 */
import { buffer, chan, type Channel, select } from "@weft/channels"
import { currentProcessor, go, gosched, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { Rendezvous } from "../../src/flavors/rendezvous.ts"
import type { Program } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits } from "../support/sound.ts"

/** How long a search takes is up to its bounds. */
const unhurried = { timeout: 0 }

/** The search's next choice below n. */
const choose = (n: number): number => currentProcessor().scheduler.choose(n)

type Make = () => Channel<number>

/** Two channels on which all of them are, and one whose close ends nested selects. */
interface Traffic {
  readonly channels: readonly [Channel<number>, Channel<number>]
  readonly quit: Channel<void>
  readonly ledger: Ledger
}

const verbs = ["send", "receive", "select", "nested select", "tryReceive", "trySend", "quit", "close"] as const

/** Drawn before it is done: whoever draws must not depend on what a fiber finds. */
const drawn = (value: number) => ({ verb: verbs[choose(verbs.length)]!, on: choose(2), value })
type Instruction = ReturnType<typeof drawn>

/** What an instruction waits for, and what is done with what comes of it. */
function waiting({ on, value, verb }: Instruction, { channels, ledger, quit }: Traffic): Op<void> | undefined {
  const [one, other] = on === 0 ? channels : [channels[1], channels[0]]
  const either = { in: one.next(), out: other.send(value) }
  const took = (hit: { case: string; value: unknown }): void => {
    if (hit.case === "out") ledger.accepted(value)
    else if (hit.case === "in") received(hit.value as { ok: boolean; value: number })
  }
  const received = (next: { ok: boolean; value: number | undefined }): void => {
    if (next.ok) ledger.got(next.value!)
  }
  switch (verb) {
    case "send":
      ledger.offer(value)
      return one.send(value).map(() => ledger.accepted(value))
    case "receive":
      return one.next().map(received)
    case "select":
      ledger.offer(value)
      return select(either).map(took)
    case "nested select": {
      ledger.offer(value)
      // It starts work, so this select is withdrawn only after its outer one's fiber has run on.
      const working = Op.fromPromise(() => new Promise<never>(() => undefined))
      return select({ quit: quit.receive(), inner: select({ working, ...either }) }).map((hit) => {
        if (hit.case === "inner") took(hit.value)
      })
    }
    default:
      return undefined
  }
}

/** What does not wait. */
function atOnce({ on, value, verb }: Instruction, { channels, ledger, quit }: Traffic): void {
  const ch = channels[on]!
  if (verb === "tryReceive") {
    const next = ch.tryReceive()
    if (next?.ok === true) ledger.got(next.value)
  } else if (verb === "trySend" && !ch.closed) {
    ledger.offer(value)
    if (ch.trySend(value)) ledger.accepted(value)
  } else if (verb === "quit" && !quit.closed) quit.close()
  // Seldom: what comes after it is of one kind.
  else if (verb === "close" && value % 4 === 0 && !ch.closed) ch.close()
}

const inFiber = (instructions: ReadonlyArray<Instruction>, traffic: Traffic) =>
  go(
    Effect.ignoreCause(
      Effect.forEach(
        instructions,
        (instruction) =>
          Effect.suspend(() => waiting(instruction, traffic) ?? Effect.sync(() => atOnce(instruction, traffic))),
        { discard: true },
      ),
    ),
  )

const inGoroutine = (instructions: ReadonlyArray<Instruction>, traffic: Traffic) =>
  go(function* () {
    for (const instruction of instructions) {
      const op = waiting(instruction, traffic)
      if (op === undefined) atOnce(instruction, traffic)
      // A send on a closed channel ends it.
      else if ((yield* thrownBy(op)) !== undefined) return
    }
  })

/** Nothing is lost, whoever is cancelled; nobody is left waiting, and nothing outside is waited for. */
const traffic = (make: Make): Program<void> =>
  function* () {
    const traffic = { channels: [make(), make()] as const, quit: chan<void>(), ledger: new Ledger() }
    let value = 0
    const clients = Array.from({ length: 3 + choose(2) }, () => {
      const instructions = Array.from({ length: 3 }, () => drawn(++value))
      return choose(2) === 0 ? inFiber(instructions, traffic) : inGoroutine(instructions, traffic)
    })
    for (let i = choose(12); i > 0; i--) yield* gosched()
    for (let i = choose(4); i > 0; i--) {
      clients[choose(clients.length)]!.interrupt()
      yield* gosched()
    }
    for (const client of clients) client.interrupt()
    for (const client of clients) yield* thrownBy(client.join())
    traffic.ledger.check(...traffic.channels)
    expectNobodyWaits(traffic.quit)
    expect(currentProcessor().outside).toBe(0)
  }

const kinds: ReadonlyArray<readonly [string, Make]> = [
  ["unbuffered", () => chan()],
  ["capacity 1", () => chan(1)],
  ["unbounded", () => chan(buffer.unbounded())],
]

describe.each(kinds)("fibers and goroutines on two channels (%s)", unhurried, (_, make) => {
  it.each(byChance(2000))(
    "lose nothing and leave nobody, whoever is cancelled ($strategy)",
    { tags: "long" },
    async (options) => {
      await explore.check(options, traffic(make))
    },
  )
})

/** Takes it for granted that whoever stands in its list takes the value. */
class Trusting extends Rendezvous<number> {
  override pollSend(value: number): unknown {
    const receiver = this.isClosed ? null : this.receivers.shift()
    if (receiver === null) return super.pollSend(value)
    receiver.commit(value)
    return undefined
  }
}

describe("a search by chance finds", unhurried, () => {
  it.each(byChance(2000))("a channel that gives a value to a select that is over ($strategy)", async (options) => {
    expect(
      await plantedBug(
        traffic(() => new Trusting()),
        options,
      ),
    ).toBe("AssertionError")
  })
})
