/** A Tour of Go: fibonacci with quit, equivalent binary trees, web crawler. */
import { chan, type Receiver, select, type Sender } from "@weft/channels"
import { go, gosched, numGoroutine, type Op } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

interface Tree {
  readonly left: Tree | undefined
  readonly value: number
  readonly right: Tree | undefined
}

function insert(tree: Tree | undefined, value: number): Tree {
  if (tree === undefined) return { left: undefined, value, right: undefined }
  return value < tree.value
    ? { ...tree, left: insert(tree.left, value) }
    : { ...tree, right: insert(tree.right, value) }
}

/** k, 2k, ..., 10k in an order of its own for each seed. */
function newTree(k: number, seed: number): Tree {
  const values = Array.from({ length: 10 }, (_, i) => (i + 1) * k)
  for (let i = values.length - 1, random = seed * 7919 + 1; i > 0; i--) {
    random = (random * 48_271) % 2_147_483_647
    const j = random % (i + 1)
    ;[values[i], values[j]] = [values[j]!, values[i]!]
  }
  return values.reduce<Tree | undefined>(insert, undefined)!
}

function* walk(tree: Tree | undefined, out: Sender<number>): Generator<Op<void>, void, unknown> {
  if (tree === undefined) return
  yield* walk(tree.left, out)
  yield* out.send(tree.value)
  yield* walk(tree.right, out)
}

/** Whether two trees hold the same values; the walkers of trees that differ are told to stop. */
function* same(a: Tree, b: Tree) {
  const walkers = [a, b].map((tree) => {
    const out = chan<number>()
    const goroutine = go(function* () {
      yield* walk(tree, out)
      out.close()
    })
    return { out, goroutine }
  })
  try {
    for (;;) {
      const [left, right] = [yield* walkers[0]!.out.next(), yield* walkers[1]!.out.next()]
      if (left.ok !== right.ok || left.value !== right.value) return false
      if (!left.ok) return true
    }
  } finally {
    for (const { goroutine } of walkers) goroutine.interrupt()
  }
}

const web: Readonly<Record<string, ReadonlyArray<string>>> = {
  "/": ["/pkg/", "/cmd/"],
  "/pkg/": ["/", "/cmd/", "/pkg/fmt/", "/pkg/os/"],
  "/pkg/fmt/": ["/", "/pkg/"],
  "/pkg/os/": ["/", "/pkg/"],
}

/** Fetches each page once, all that are known at the same time. */
function* crawl(start: string, depth: number) {
  interface Found {
    readonly depth: number
    readonly urls: ReadonlyArray<string>
  }
  const found = chan<Found>()
  const fetches = new Map<string, number>()
  const missing: Array<string> = []
  const fetch = (url: string, left: number) => {
    fetches.set(url, (fetches.get(url) ?? 0) + 1)
    go(function* () {
      yield* gosched()
      const urls = web[url]
      if (urls === undefined) missing.push(url)
      yield* found.send({ depth: left - 1, urls: urls ?? [] })
    })
  }
  fetch(start, depth)
  for (let pending = 1; pending > 0; pending--) {
    const { depth: left, urls } = yield* found.take()
    for (const url of urls) {
      if (left <= 0 || fetches.has(url)) continue
      fetch(url, left)
      pending++
    }
  }
  return { fetches, missing }
}

const virtual = { time: "virtual" } as const

describe("A Tour of Go", () => {
  underSchedules("fibonacci: a select between the next number and quit", function* () {
    const [numbers, quit] = [chan<number>(), chan<void>()]
    function* fibonacci(out: Sender<number>, stop: Receiver<void>) {
      let [x, y] = [0, 1]
      for (;;) {
        if ((yield* select({ out: out.send(x), stop: stop.receive() })).case === "stop") return "quit"
        ;[x, y] = [y, x + y]
      }
    }
    const first: Array<number | undefined> = []
    go(function* () {
      for (let i = 0; i < 10; i++) first.push(yield* numbers.receive())
      yield* quit.send()
    })
    expect(yield* fibonacci(numbers, quit)).toBe("quit")
    expect(first).toEqual([0, 1, 1, 2, 3, 5, 8, 13, 21, 34])
  })

  underSchedules(
    "equivalent binary trees: same values in whatever shape; walkers end either way",
    function* ({ seed }) {
      const before = numGoroutine()
      expect(yield* same(newTree(1, seed), newTree(1, seed + 1000))).toBe(true)
      expect(yield* same(newTree(1, seed), newTree(2, seed))).toBe(false)
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )

  underSchedules("web crawler: fetches no page twice, and ends when all are known", function* () {
    const { fetches, missing } = yield* crawl("/", 4)
    expect([...fetches.keys()].sort()).toEqual(["/", "/cmd/", "/pkg/", "/pkg/fmt/", "/pkg/os/"])
    expect([...fetches.values()].every((n) => n === 1)).toBe(true)
    expect(missing).toEqual(["/cmd/"])
  })

  underSchedules("web crawler: goes no deeper than it is told", function* () {
    expect([...(yield* crawl("/", 1)).fetches.keys()]).toEqual(["/"])
    expect((yield* crawl("/", 2)).fetches.size).toBe(3)
  })
})
