/** The blog "Go Concurrency Patterns: Pipelines and cancellation" (Sameer Ajmani, 2014). */
import { chan, type Receiver, select } from "@weft/channels"
import { go, numGoroutine } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

type Done = Receiver<void>

function gen(done: Done, ...numbers: ReadonlyArray<number>): Receiver<number> {
  const out = chan<number>()
  go(function* () {
    try {
      for (const n of numbers) if ((yield* select({ out: out.send(n), done: done.receive() })).case === "done") return
    } finally {
      out.close()
    }
  })
  return out
}

function sq(done: Done, from: Receiver<number>): Receiver<number> {
  const out = chan<number>()
  go(function* () {
    try {
      for (;;) {
        const next = yield* from.next()
        if (!next.ok) return
        if ((yield* select({ out: out.send(next.value ** 2), done: done.receive() })).case === "done") return
      }
    } finally {
      out.close()
    }
  })
  return out
}

function merge<T>(done: Done, ...sources: ReadonlyArray<Receiver<T>>): Receiver<T> {
  const [out, all] = [chan<T>(), new WaitGroup()]
  for (const source of sources) {
    all.go(function* () {
      for (;;) {
        const next = yield* source.next()
        if (!next.ok) return
        if ((yield* select({ out: out.send(next.value), done: done.receive() })).case === "done") return
      }
    })
  }
  go(function* () {
    yield* all.wait()
    out.close()
  })
  return out
}

/** A tree of files: path to content. */
function tree(n: number): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: n }, (_, i) => [`dir${i % 7}/file${i}`, `content ${i * i}`]))
}

/** FNV-1a: what MD5 is in the blog. */
function digest(content: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < content.length; i++) hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

interface Result {
  readonly path: string
  readonly sum: number
}

/** Sends the paths, and the error that ended the walk; `broken` is a path that can't be read. */
function walk(done: Done, files: ReadonlyMap<string, string>, broken?: string) {
  const [paths, errors] = [chan<string>(), chan<Error | undefined>(1)]
  go(function* () {
    try {
      for (const path of files.keys()) {
        if (path === broken) return errors.trySend(new Error(`can't walk ${path}`))
        const hit = yield* select({ sent: paths.send(path), done: done.receive() })
        if (hit.case === "done") return errors.trySend(new Error("walk canceled"))
      }
      return errors.trySend(undefined)
    } finally {
      paths.close()
    }
  })
  return { paths, errors }
}

type Sum = (files: ReadonlyMap<string, string>, broken?: string) => Generator<never, Map<string, number>, unknown>

const serial = function* (files: ReadonlyMap<string, string>, broken?: string) {
  const sums = new Map<string, number>()
  for (const [path, content] of files) {
    if (path === broken) throw new Error(`can't walk ${path}`)
    sums.set(path, digest(content))
  }
  return sums
}

/** A goroutine for each file. */
const parallel = function* (files: ReadonlyMap<string, string>, broken?: string) {
  const done = chan<void>()
  try {
    const { errors, paths } = walk(done, files, broken)
    const [results, all] = [chan<Result>(), new WaitGroup()]
    go(function* () {
      yield* paths.forEach((path) => {
        all.go(function* () {
          yield* select({ out: results.send({ path, sum: digest(files.get(path)!) }), done: done.receive() })
        })
      })
      yield* all.wait()
      results.close()
    })
    const sums = new Map<string, number>()
    yield* results.forEach(({ path, sum }) => void sums.set(path, sum))
    const error = yield* errors.receive()
    if (error !== undefined) throw error
    return sums
  } finally {
    done.close()
  }
}

let mostAtOnce = 0

/** Twenty digesters, however many files. */
const bounded = function* (files: ReadonlyMap<string, string>, broken?: string) {
  const done = chan<void>()
  try {
    const { errors, paths } = walk(done, files, broken)
    const [results, digesters] = [chan<Result>(), new WaitGroup()]
    let running = 0
    for (let i = 0; i < 20; i++) {
      digesters.go(function* () {
        for (;;) {
          const path = yield* paths.next()
          if (!path.ok) return
          mostAtOnce = Math.max(mostAtOnce, ++running)
          const result = { path: path.value, sum: digest(files.get(path.value)!) }
          const hit = yield* select({ out: results.send(result), done: done.receive() })
          running--
          if (hit.case === "done") return
        }
      })
    }
    go(function* () {
      yield* digesters.wait()
      results.close()
    })
    const sums = new Map<string, number>()
    yield* results.forEach(({ path, sum }) => void sums.set(path, sum))
    const error = yield* errors.receive()
    if (error !== undefined) throw error
    return sums
  } finally {
    done.close()
  }
}

const virtual = { time: "virtual" } as const

describe("Pipelines and cancellation", () => {
  underSchedules("gen and sq: stages compose, and close what they send to", function* () {
    const done = chan<void>()
    expect(yield* sq(done, sq(done, gen(done, 2, 3))).drain()).toEqual([16, 81])
  })

  underSchedules("merge: fans out to two stages and in again, losing nothing", function* () {
    const done = chan<void>()
    const numbers = gen(done, 1, 2, 3, 4, 5)
    const squares = yield* merge(done, sq(done, numbers), sq(done, numbers)).drain()
    expect(squares.sort((a, b) => a - b)).toEqual([1, 4, 9, 16, 25])
  })

  underSchedules(
    "done: a close tells every stage that nobody wants more, and all end",
    function* () {
      const before = numGoroutine()
      const done = chan<void>()
      const numbers = gen(done, 2, 3, 4, 5, 6, 7)
      const merged = merge(done, sq(done, numbers), sq(done, numbers))
      yield* merged.receive()
      done.close()
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )

  for (const [name, sumAll] of Object.entries({ serial, parallel, bounded } as unknown as Record<string, Sum>)) {
    underSchedules(`digest of a tree, ${name}: a sum for each file`, function* ({ isReal }) {
      const files = tree(isReal ? 200 : 40)
      const sums = yield* sumAll(files)
      expect(sums.size).toBe(files.size)
      for (const [path, content] of files) expect(sums.get(path)).toBe(digest(content))
    })

    underSchedules(
      `digest of a tree, ${name}: an early error ends it and leaves no goroutine`,
      function* () {
        const before = numGoroutine()
        let failed: unknown
        try {
          yield* sumAll(tree(60), "dir3/file24")
        } catch (error) {
          failed = error
        }
        expect(failed).toMatchObject({ message: "can't walk dir3/file24" })
        yield* waitIdle()
        expect(numGoroutine()).toBe(before)
      },
      virtual,
    )
  }

  underSchedules(
    "digest of a tree, bounded: never more than 20 files at once",
    function* () {
      mostAtOnce = 0
      yield* (bounded as unknown as Sum)(tree(100))
      expect(mostAtOnce).toBeGreaterThan(1)
      expect(mostAtOnce).toBeLessThanOrEqual(20)
    },
    virtual,
  )
})
