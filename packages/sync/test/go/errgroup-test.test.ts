/** x/sync's errgroup/errgroup_test.go and errgroup_example_md5all_test.go. */
import { chan, select, trySelect } from "@weft/channels"
import { type Context, context, ContextCanceled, go, gosched, numGoroutine, sleep } from "@weft/core"
import { ErrorGroup } from "@weft/sync"
import { Effect } from "effect"
import { describe, expect } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

const virtual = { time: "virtual" } as const
const [err1, err2, doom] = ["errgroup_test: 1", "errgroup_test: 2", "group_test: doomed"].map((text) => new Error(text))

/** Go's `func() error { return err }`: a failure, or a throw. */
const returning = (error: Error | undefined, isTyped: boolean) =>
  function* () {
    if (error === undefined) return
    if (isTyped) yield* Effect.fail(error)
    throw error
  }

describe("x/sync/errgroup", () => {
  for (const isTyped of [true, false]) {
    const kind = isTyped ? "failures" : "throws"

    underSchedules(`ZeroGroup (${kind}): wait gives the first error, again and again`, function* () {
      for (const errors of [[], [undefined], [err1], [err1, undefined], [err1, undefined, err2]]) {
        const group = new ErrorGroup<Error>()
        let first: Error | undefined
        for (const error of errors) {
          group.go(returning(error, isTyped))
          first ??= error
          expect(yield* thrownBy(group.wait())).toBe(first)
        }
      }
    })

    underSchedules(`WithContext, CancelCause (${kind}): the first error ends the context, as its cause`, function* () {
      for (const errors of [[], [undefined], [doom], [doom, undefined]]) {
        const group = new ErrorGroup<Error>(context.background)
        for (const error of errors) group.tryGo(returning(error, isTyped))
        const [first] = errors
        expect(yield* thrownBy(group.wait())).toBe(first)
        expect(trySelect({ done: group.context.done })?.case).toBe("done")
        expect(group.context.err).toBeInstanceOf(ContextCanceled)
        expect(group.context.cause).toBe(first ?? group.context.err)
      }
    })
  }

  underSchedules("TryGo: with limits of 42, 1 and 0 the answers are exact", function* () {
    const group = new ErrorGroup()
    const ch = chan<void>()
    const send = function* () {
      yield* ch.send()
    }
    const receive = (n: number) =>
      go(function* () {
        for (let i = 0; i < n; i++) yield* ch.receive()
      })
    const n = 42
    group.setLimit(n)
    for (let i = 0; i < n; i++) expect(group.tryGo(send)).toBe(true)
    expect(group.tryGo(send)).toBe(false)
    receive(n)
    yield* group.wait()
    expect(group.tryGo(send)).toBe(true)
    receive(1)
    yield* group.wait()

    group.setLimit(1)
    expect([group.tryGo(send), group.tryGo(send)]).toEqual([true, false])
    receive(1)
    yield* group.wait()

    group.setLimit(0)
    for (let i = 0; i < 1024; i++) expect(group.tryGo(send)).toBe(false)
    yield* group.wait()
  })

  underSchedules(
    "GoLimit: never more than ten at once",
    function* ({ isReal }) {
      const limit = 10
      const group = new ErrorGroup()
      group.setLimit(limit)
      let active = 0
      for (let i = 0; i <= (isReal ? 1024 : 64); i++) {
        yield* group.go(function* () {
          if (++active > limit) throw new Error(`saw ${active} active goroutines; want at most ${limit}`)
          yield* sleep(0.001)
          active--
        })
      }
      yield* group.wait()
    },
    virtual,
  )

  underSchedules("justErrors: instead of a WaitGroup", function* () {
    const group = new ErrorGroup()
    const fetched: Array<string> = []
    for (const url of ["http://www.golang.org/", "http://www.google.com/", "http://www.somestupidname.com/"]) {
      group.go(function* () {
        yield* gosched()
        if (url.includes("stupid")) throw new Error(`no such host: ${url}`)
        fetched.push(url)
      })
    }
    expect(yield* thrownBy(group.wait())).toMatchObject({ message: "no such host: http://www.somestupidname.com/" })
    expect(fetched.length).toBe(2)
  })

  underSchedules("parallel: Google search 2.0, and an error of one search is the result", function* () {
    type Search = (ctx: Context, query: string) => Generator<never, string, unknown>
    const fakeSearch = (kind: string) =>
      function* (_: Context, query: string) {
        yield* gosched()
        return `${kind} result for "${query}"`
      } as unknown as Search
    const broken = function* () {
      yield* gosched()
      throw doom
    } as unknown as Search
    const google = function* (ctx: Context, query: string, searches: ReadonlyArray<Search>) {
      const group = new ErrorGroup(ctx)
      const results = new Array<string>(searches.length)
      for (const [i, search] of searches.entries()) {
        group.go(function* () {
          results[i] = yield* search(group.context, query)
        })
      }
      const error = yield* thrownBy(group.wait())
      return error ?? results
    }
    const searches = ["web", "image", "video"].map(fakeSearch)
    expect(yield* google(context.background, "golang", searches)).toEqual([
      'web result for "golang"',
      'image result for "golang"',
      'video result for "golang"',
    ])
    expect(yield* google(context.background, "golang", [...searches, broken])).toBe(doom)
  })

  underSchedules(
    "pipeline: the digests of a tree by twenty digesters; an error leaves no goroutine",
    function* ({ isReal }) {
      const files = tree(isReal ? 200 : 40)
      const before = numGoroutine()
      expect(yield* digestAll(files)).toEqual(new Map([...files].map(([path, text]) => [path, digest(text)])))
      expect(numGoroutine()).toBe(before)
      expect(yield* thrownBy(go(() => digestAll(files, "dir3/file10")).join())).toMatchObject({
        message: "can't read dir3/file10",
      })
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )
})

/** A tree of files: path to content. */
function tree(n: number): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: n }, (_, i) => [`dir${i % 7}/file${i}`, `content ${i * i}`]))
}

/** What MD5 is in Go's example. */
function digest(content: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < content.length; i++) hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

function* digestAll(files: ReadonlyMap<string, string>, broken?: string) {
  const group = new ErrorGroup()
  const ctx = group.context
  const paths = chan<string>()
  group.go(function* () {
    try {
      for (const path of files.keys()) {
        const hit = yield* select({ sent: paths.send(path), done: ctx.done })
        if (hit.case === "done") return
      }
    } finally {
      paths.close()
    }
  })
  const results = chan<{ readonly path: string; readonly sum: number }>()
  for (let i = 0; i < 20; i++) {
    group.go(function* () {
      for (let next = yield* paths.next(); next.ok; next = yield* paths.next()) {
        const path = next.value
        if (path === broken) throw new Error(`can't read ${path}`)
        const hit = yield* select({ sent: results.send({ path, sum: digest(files.get(path)!) }), done: ctx.done })
        if (hit.case === "done") return
      }
    })
  }
  const closing = go(function* () {
    yield* thrownBy(group.wait())
    results.close()
  })
  const sums = new Map<string, number>()
  yield* results.forEach(({ path, sum }) => void sums.set(path, sum))
  yield* closing
  yield* group.wait()
  return sums
}
