import { describe, expect, it } from "vitest"
import { aDump, aThread, goroutine, lock, locking, waiting } from "../../../test/cli/dumps.ts"
import type { ProcessDump } from "../../format/dump.ts"
import { dumpText, oneByOne } from "./dump-text.ts"
import { render } from "./paint.ts"
import { Places } from "./place.ts"

const speech = { places: new Places("/srv/shop"), hasThreads: false, columns: 100, valueColumns: 100 }
const text = (dump: ProcessDump, ...more: ReadonlyArray<Parameters<typeof dumpText>[2]>) =>
  render(dumpText(dump, { ...speech, hasThreads: dump.threads.length > 1 }, ...more), false)

const stack = ["worker (/srv/shop/src/worker.ts:12:3)", "main (/srv/shop/server.ts:99:9)"]
const startedAt = "main (/srv/shop/server.ts:40:5)"
const main = goroutine(1, { isMain: true, name: "main", status: "waiting", reason: "sleep", waitMillis: 10 })
const jobs = { id: 7, kind: "channel", detail: "a channel (capacity 3, 2 waiting to receive)" }
const receiving = (id: number, more = {}) =>
  waiting(id, "chan receive", undefined, { name: "worker", stack, startedAt, parent: 1, on: [7], ...more })

describe("dumpText", () => {
  it("prints goroutines that do the same together, with what they wait for, their stack and where they were started", () => {
    expect(text(aDump([main, receiving(2), receiving(3, { waitMillis: 200_000 })], [jobs]))).toBe(
      `process 4242: server.ts  (node 24.21.0, up 1h02m)
3 goroutines: 0 running, 0 runnable, 3 waiting

2 goroutines [chan receive, up to 3 minutes]: worker  numbers 3, 2
    waits for channel #7 (capacity 3, 2 waiting to receive)
    at worker (src/worker.ts:12:3)
    at main (server.ts:99:9)
  started at main (server.ts:40:5) by goroutine 1, main

goroutine 1 [sleep]: main

Taken in 12 ms; no thread was stopped for longer than 3.2 ms at a time. The inspector was open for
21 ms.`,
    )
  })

  it("shows values where they were asked for: those that wait with senders, and those in buffers", () => {
    const full = { ...jobs, id: 8, length: 5, values: ["{id: 1}", "{id: 2}", "{id: 3}", "{id: 4}"] }
    const sending = (id: number, value: string) =>
      waiting(id, "chan send", undefined, { name: "sender", on: [8], sends: [{ on: 8, value }] })
    const either = waiting(9, "select", undefined, { on: [7, 8], sends: [{ on: 8, value: '"a"' }, { value: '"b"' }] })
    const shown = text(aDump([sending(2, "7"), sending(3, "7"), sending(4, '"\u001b"'), either], [jobs, full]))
    for (const line of [
      "sends 2 times 7",
      'sends "\ufffd"',
      "#8 holds {id: 3}",
      "#8 holds 2 more",
      'sends "a" to #8',
      'sends "b"',
    ])
      expect(shown).toContain(`      ${line}\n`)
    expect(shown).not.toContain("{id: 4}")
  })

  it("says how many values were too many", () => {
    expect(text(aDump([], [], { threads: [aThread([], [], { valuesLeftOut: 1200 })] }))).toMatch(
      /those of 1,200\s+more\s+senders\s+and\s+channels\s+are\s+left\s+out/,
    )
  })

  it("says which source map is missing", () => {
    const missingSourceMaps = [{ file: "/srv/app.min.js", map: "/srv/app.min.js.map" }]
    expect(text(aDump([goroutine(1)], [], { missingSourceMaps })).replace(/\s+/g, " ")).toContain(
      "/srv/app.min.js is minified and its source map is missing (/srv/app.min.js.map), so places and names are those of the bundle.",
    )
  })

  it("prints one goroutine as Go does", () => {
    expect(text(aDump([receiving(17, { waitMillis: 180_000 })]))).toContain(
      "goroutine 17 [chan receive, 3 minutes]: worker\n",
    )
    expect(text(aDump([goroutine(4)]))).toContain("goroutine 4 [running]:\n")
  })

  it("lists each by itself if asked to, main first", () => {
    const dump = aDump([receiving(2), receiving(3), main])
    const lines = text(dump, oneByOne(dump)).split("\n")
    expect(lines.filter((line) => line.startsWith("goroutine"))).toEqual([
      "goroutine 1 [sleep]: main",
      "goroutine 2 [chan receive, 60 s]: worker",
      "goroutine 3 [chan receive, 60 s]: worker",
    ])
  })

  it("names who holds a lock, once", () => {
    const held = { ...lock(5, 1), detail: "a Mutex (locked by goroutine 1, 1 waiting)" }
    expect(text(aDump([main, locking(2, 5, 1)], [held]))).toContain(
      "waits for sync.Mutex #5 (1 waiting), held by goroutine 1, main\n",
    )
  })

  it("takes what a goroutine says of its wait where the thing is not known", () => {
    expect(text(aDump([waiting(2, "sleep", undefined, { detail: "10 ms" })]))).toContain("    waits for 10 ms\n")
  })

  it("says that a parent has ended", () => {
    expect(text(aDump([receiving(2, { parent: 99 })]))).toContain("by goroutine 99, which has ended\n")
  })

  it("counts things and parents that differ within a group", () => {
    const objects = [jobs, { id: 8, kind: "channel" }]
    const shown = text(aDump([main, receiving(2), receiving(3), receiving(4, { on: [8], parent: 2 })], objects))
    expect(shown).toContain("waits for channel #7 (capacity 3, 2 waiting to receive)  2 times\n")
    expect(shown).toContain("waits for channel #8\n")
    expect(shown).toContain("by goroutine 1, main and 1 other\n")
  })

  it("numbers goroutines by thread where there are several, and lists the threads", () => {
    const dump = aDump([], [], {
      threads: [aThread([main]), aThread([receiving(2), receiving(3)], [], { thread: 1, name: "pool worker" })],
    })
    const shown = text(dump)
    expect(shown).toContain("3 goroutines in 2 threads: ")
    expect(shown).toContain("  thread 0  main         1 goroutine   heap  12 MB  busy 25 %\n")
    expect(shown).toContain("  thread 1  pool worker  2 goroutines  heap  12 MB  busy 25 %\n")
    expect(shown).toContain("numbers 1/2, 1/3\n")
  })

  it("says what it could not see, and what it did not look at", () => {
    const shown = text(aDump([receiving(2, { isStackOfGroup: true })], [], { silentThreads: 2 }))
    expect(shown).toContain("2 threads did not answer")
    const silent = [{ thread: 3, name: "sorter", script: "file:///srv/shop/worker.js" }]
    expect(text(aDump([main], [], { silentThreads: 1, silent }))).toContain(
      "thread 3 (sorter, worker.js) did not answer: what runs there never gives way to its event loop.",
    )
    expect(shown.replace(/\n/g, " ")).toContain("For 1 goroutine the stack shown is that of another one")
  })

  it("says that there is a deadlock, and where more is to be learnt", () => {
    const shown = text(aDump([locking(2, 20, 3), locking(3, 10, 2)], [lock(10, 2), lock(20, 3)]))
    expect(shown).toContain("2 goroutines can never go on: deadlock. See weft blocked 4242\n")
  })

  it("lets nothing of what goroutines are called reach the terminal but text", () => {
    expect(text(aDump([goroutine(2, { name: "\u001b[2J" })]))).not.toContain("\u001b")
  })
})
