/** What vitest reports of these is tested in vitest.node.test.ts. */
import { currentProcessor, go, gosched, Op, sleep } from "@weft/core"
import { it } from "@weft/core/testing/vitest"
import { describe, expect } from "vitest"

function* lostUpdate() {
  let counter = 0
  function* increment() {
    const read = counter
    yield* sleep(0)
    counter = read + 1
  }
  const both = [go.named("first", increment), go.named("second", increment)]
  for (const goroutine of both) yield* goroutine
  expect(counter).toBe(2)
}

describe("it.explore", () => {
  it.explore("passes", function* () {
    const value = yield* go(function* () {
      return 1
    })
    expect(value).toBe(1)
  })

  it.explore("fails", lostUpdate)

  it.explore("replays", { replay: "default" }, lostUpdate)

  it.explore("has an option that is none", { depth: 3 }, lostUpdate)
})

describe("it.synctest", () => {
  it.synctest("passes, however long it takes the host", function* () {
    yield* sleep("365 days")
    // Longer than this fixture's time limit.
    yield* Op.fromPromise(() => new Promise((resolve) => setTimeout(resolve, 50)))
    expect(currentProcessor().clock.now()).toBe(365 * 24 * 3_600_000)
  })

  it.synctest("fails", function* () {
    yield* sleep(1)
    expect(currentProcessor().clock.now()).toBe(2)
  })

  it.synctest("leaks", function* () {
    go(function* left() {
      yield* sleep(1)
    })
  })

  it.synctest("has so many steps", { steps: 100 }, function* () {
    for (;;) yield* gosched()
  })
})

it("is vitest's own it besides", { timeout: 600_000 }, ({ task }) => {
  expect(task.name).toBe("is vitest's own it besides")
})

it.skip("and has all of its members", () => expect.unreachable())
