/** The codewalk "Share Memory By Communicating": a poller of URLs whose state one goroutine owns. */
import { chan, type Receiver, select, type Sender, Ticker } from "@weft/channels"
import { go, sleep } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

interface State {
  readonly url: string
  readonly status: string
}

/** Owns the state: others send to it, and every `period` it publishes what it knows. */
function stateMonitor(period: number, published: Array<ReadonlyMap<string, string>>): Sender<State> {
  const updates = chan<State>()
  go(function* () {
    const known = new Map<string, string>()
    const ticker = new Ticker(period)
    for (;;) {
      const hit = yield* select({ tick: ticker.receive(), update: updates.take() })
      if (hit.case === "tick") published.push(new Map(known))
      else known.set(hit.value.url, hit.value.status)
    }
  })
  return updates
}

interface Resource {
  readonly url: string
  errors: number
  polls: number
  /** Held by a poller: never by two. */
  isHeld: boolean
}

function* poll(resource: Resource) {
  resource.polls++
  yield* sleep(30)
  if (resource.url === "down") {
    resource.errors++
    return "no such host"
  }
  resource.errors = 0
  return "200 OK"
}

function* poller(pending: Receiver<Resource>, complete: Sender<Resource>, status: Sender<State>) {
  yield* pending.forEach(function* (resource) {
    expect(resource.isHeld).toBe(false)
    resource.isHeld = true
    const state = { url: resource.url, status: yield* poll(resource) }
    yield* status.send(state)
    resource.isHeld = false
    yield* complete.send(resource)
  })
}

const [pollInterval, errorTimeout] = [600, 100]

describe("Share Memory By Communicating", () => {
  underSchedules(
    "two pollers share three URLs without a lock: each belongs to who received it",
    function* () {
      const published: Array<ReadonlyMap<string, string>> = []
      const [pending, complete] = [chan<Resource>(), chan<Resource>()]
      const status = stateMonitor(1000, published)
      for (let i = 0; i < 2; i++) go(poller, pending, complete, status)
      const resources = ["a", "b", "down"].map((url) => ({ url, errors: 0, polls: 0, isHeld: false }))
      go(function* () {
        for (const resource of resources) yield* pending.send(resource)
      })
      go(function* () {
        yield* complete.forEach((resource) => {
          go(function* () {
            yield* sleep(pollInterval + errorTimeout * resource.errors)
            yield* pending.send(resource)
          })
        })
      })
      yield* sleep(3500)
      expect(published.length).toBe(3)
      expect(published.at(-1)).toEqual(
        new Map([
          ["a", "200 OK"],
          ["b", "200 OK"],
          ["down", "no such host"],
        ]),
      )
      const polls = Object.fromEntries(resources.map((resource) => [resource.url, resource.polls]))
      // Every 630 ms, or later by 100 ms for each error in a row; now and then after a wait for a poller.
      expect(polls).toEqual({ a: 6, b: 6, down: 4 })
    },
    { time: "virtual" },
  )
})
