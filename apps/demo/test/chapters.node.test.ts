/** @module-tag long */
import { beforeAll, describe, expect, it } from "vitest"
import { chapters } from "../src/chapters.ts"
import { width } from "../src/terminal/wrap.ts"
import { demo, type Ended } from "./demo.ts"

/** One run of the whole demo, cut at its headings. */
let all: Ended
const pages = new Map<string, string>()

let narrow: Ended
const tooWide = (text: string, columns: number): Array<string> =>
  text.split("\n").filter((line) => width(line) > columns && line.trim().includes(" "))

beforeAll(async () => {
  all = await demo([])
  const [, ...texts] = all.stdout.split(/^── /m)
  for (const [index, text] of texts.entries()) pages.set(chapters[index]?.name ?? "?", text)
})

// Whole, too: any chapter may have a line that is too long. In a hook of its own it has the time limit to itself.
beforeAll(async () => {
  narrow = await demo([], { COLUMNS: "40" })
})

/** A chapter's output without its times. */
const page = (name: string): string => (pages.get(name) ?? "").replace(/^ {1,3}\d+\.\d+s {2}/gm, "  ")
const linesOf = (name: string, pattern: RegExp): Array<string> => page(name).match(new RegExp(pattern, "gm")) ?? []

describe("the whole demo", () => {
  it("runs every chapter in order and ends by itself with code 0", () => {
    expect(all.stderr).toBe("")
    expect(all.code).toBe(0)
    expect([...pages.keys()]).toEqual(chapters.map(({ name }) => name))
  })

  it("has no line that runs over 40 columns where there are 40", () => {
    expect(narrow.code).toBe(0)
    expect(tooWide(narrow.stdout, 40)).toEqual([])
  })

  it("writes neither colours nor redrawn lines into a pipe", () => {
    expect(all.stdout).not.toMatch(/[\x1b\r]/) // eslint-disable-line no-control-regex
  })
})

describe("chapters", () => {
  it.each(["channels", "wait-group"])("%s asks for all before it has got one, and gets all", (name) => {
    const words = linesOf(name, /^ +(ask|got) /).map((line) => line.trim())
    expect(words).toEqual(["ask", "ask", "ask", "got", "got", "got"])
  })

  it("channels has every size right", () => {
    for (const path of ["/users.json", "/posts.json", "/photos.json"]) {
      expect(page("channels")).toMatch(new RegExp(`got +${path} +\\d+ bytes`))
    }
  })

  it("deadlock is reported with main and every fetcher, and then fixed", () => {
    const text = page("deadlock")
    expect(text).toContain("all goroutines are asleep - deadlock!")
    expect(text).toContain("chan receive")
    expect(linesOf("deadlock", /fetcher.*/).length).toBeGreaterThanOrEqual(3)
    expect(text).toContain("chapters/deadlock.ts:")
    expect(linesOf("deadlock", /^ +got /)).toHaveLength(3)
  })

  it("leak names the printer left behind, and then fixes it", () => {
    const text = page("leak")
    expect(text).toContain("printer")
    expect(text).not.toContain("fetcher()")
    expect(linesOf("leak", /^ +got /)).toHaveLength(6)
  })

  it("threads finds a goroutine far smaller than a thread", () => {
    const [goroutine, thread] = linesOf("threads", /[\d.,]+ KiB/).map((text) =>
      Number.parseFloat(text.replace(",", "")),
    )
    expect(thread! / goroutine!).toBeGreaterThan(100)
  })

  it("buffered sends two ahead, unbuffered none", () => {
    const lines = linesOf("buffered", /^ +(chan\(\d\)|sent \d|received \d)/).map((line) => line.trim())
    const buffered = lines.indexOf("chan(2)")
    expect(lines.slice(1, buffered).slice(0, 2).sort()).toEqual(["received 1", "sent 1"])
    expect(lines.slice(buffered + 1, buffered + 4)).toEqual(["sent 1", "sent 2", "received 1"])
    expect(lines).toHaveLength(2 + 2 * 6)
  })

  it("reuse ends three rounds and refuses a fourth done", () => {
    expect(linesOf("reuse", /round \d/)).toEqual(["round 1", "round 2", "round 3"])
    expect(page("reuse")).toContain("sync: negative WaitGroup counter")
  })

  it("select lets a channel, a WaitGroup, a goroutine and a request win", () => {
    expect(linesOf("select", /(channel|WaitGroup|goroutine's end|request) won/)).toEqual([
      ...Array.from({ length: 3 }, () => "channel won"),
      "WaitGroup won",
      "goroutine's end won",
      "request won",
    ])
    expect(page("select")).toContain("answer 42")
    expect(page("select")).toContain("users; the other one was aborted")
  })

  it("non-blocking sends once, receives once, and goes on", () => {
    expect(linesOf("non-blocking", /^ +try\w+\S* +\S+/).map((line) => line.trim().split(/ +/)[1])).toEqual([
      "true",
      "false",
      '{"ok":true,"value":"hi"}',
      "undefined",
      "nothing",
    ])
  })

  it("timeouts answers one, gives up on one, and aborts one", () => {
    const text = page("timeouts")
    expect(text).toContain("/users.json  200")
    expect(text).toContain("/hangs.json  no answer in 300 millis")
    expect(text).toContain("context deadline exceeded")
  })

  it("worker-pool does every job once", () => {
    const jobs = linesOf("worker-pool", /\/\w+\.json\?page=\d/)
    expect(jobs).toHaveLength(9)
    expect(new Set(jobs).size).toBe(9)
  })

  it("ticker keeps one tick for a late receiver", () => {
    expect(linesOf("ticker", /tick \d/)).toHaveLength(6)
    expect(page("ticker")).toContain("one tick was kept")
  })

  it("rate-limit lets three through on saved tokens and four on ticks", () => {
    expect(linesOf("rate-limit", /request \d, on a saved token/)).toHaveLength(3)
    expect(linesOf("rate-limit", /request \d, on a tick/)).toHaveLength(4)
  })

  it("cancel reaches every worker and every request on the wire", () => {
    expect(linesOf("cancel", /worker \d: context canceled/)).toHaveLength(3)
    expect(linesOf("cancel", /worker \d: cleaned up/)).toHaveLength(3)
    expect(page("cancel")).toContain("requests that the server saw aborted: 3")
  })

  it("pipeline squares nine numbers by three workers", () => {
    const squares = linesOf("pipeline", /\d squared is \d+/).sort()
    expect(squares).toEqual(Array.from({ length: 9 }, (_, i) => `${i + 1} squared is ${(i + 1) ** 2}`))
    expect(new Set(linesOf("pipeline", /(ann|bob|cyd)/)).size).toBe(3)
  })

  it("daisy-chain adds one a hundred thousand times", () => {
    expect(page("daisy-chain")).toContain("heard 100,000")
  })

  it("mutex loses no payment under a lock, and a select gives up on one", () => {
    const text = page("mutex")
    expect(text).toMatch(/without a lock: 10$/m)
    expect(text).toMatch(/with a Mutex: +100$/m)
    expect(text).toContain("for 30 ms: late")
    expect(linesOf("mutex", /\w+ reads, and \d others|the writer is alone: 0 readers/)).toHaveLength(4)
    expect(text).toMatch(/the writer is alone: 0 readers\n +Cat reads/)
  })

  it("once connects once for three, and remembers", () => {
    expect(linesOf("once", /(Ann|Bob|Cat) goes on, over connection 1/)).toHaveLength(3)
    expect(page("once")).toContain("port 8080, port 8080: read 1 time")
    expect(linesOf("once", /caller of one that fails: Error: no such file/)).toHaveLength(2)
  })

  it("cond carries every cloth over the shelf, in order, and waits for room", () => {
    const taken = linesOf("cond", /takes \w+/)
    expect(taken).toEqual(["takes linen", "takes wool", "takes silk", "takes hemp"])
    expect(page("cond")).toContain("the shelf is full: silk waits")
  })

  it("semaphore lets three at a time, and nobody pass", () => {
    expect(page("semaphore")).toContain("at most 3 at a time")
    expect(linesOf("semaphore", /\w+ has \d of 4/)).toEqual(["small has 1 of 4", "large has 4 of 4", "late has 1 of 4"])
    expect(page("semaphore")).toContain("try for 5 of 4: false; for 1: true")
  })

  it("barrier keeps three in step, and a latch opens once", () => {
    const rows = linesOf("barrier", /has woven row \d|row \d is whole/)
    expect(rows).toEqual(
      [1, 2].flatMap((row) => [...Array.from({ length: 3 }, () => `has woven row ${row}`), `row ${row} is whole`]),
    )
    expect(page("barrier")).toMatch(/cache is up\n +database is up\n +both are up/)
  })

  it("race goes well a thousand times, is found, replayed and proven to be gone", () => {
    const text = page("race")
    expect(text).toContain("1,000 plain runs: 0 of them overdraw")
    expect(linesOf("race", /^ +│ +\d .*(starts|chan send #1)/)).toHaveLength(4)
    expect(text).toContain("race.ts:")
    expect(text.replaceAll(/\s+/g, " ")).toMatch(/replayed by its seed, "[\d: ]+": InvariantBroken/)
    expect(text).toMatch(/all \d+ schedules pass, and there are no others/)
  })

  it("atomic loses updates on two threads, and none once they are atomic", () => {
    const plain = linesOf("atomic", /words\[0\]\+\+ +.*[1-9][\d,]* lost/)
    expect(plain).toHaveLength(1)
    expect(page("atomic")).toMatch(/counter\.add\(1\) +20,000,000 of 20,000,000, 0 lost/)
  })

  it("kernel-threads finds a goroutine cheaper to create, to switch to and to keep", () => {
    const times = linesOf("kernel-threads", /^ +(create|switch|keep) .*$/).map((line) =>
      Number(line.trim().split(/ +/).at(-1)!.replaceAll(",", "")),
    )
    expect(times).toHaveLength(3)
    expect(Math.min(...times)).toBeGreaterThan(1)
  })

  it("thread-pool does every job once, and says on which thread", () => {
    const begun = linesOf("thread-pool", /thread \d +[■·]{9} +\w+ \.\.\./)
    const done = linesOf("thread-pool", /thread \d +[■·]{9} +\w+ took [\d,]+ tries/)
    const words = (lines: Array<string>) => lines.map((line) => /[■·]{9} +(\w+)/.exec(line)![1]).sort()
    expect(new Set(words(done)).size).toBe(9)
    expect(words(begun)).toEqual(words(done))
    expect(page("thread-pool")).toContain("9 jobs on ")
  })

  it("across receives exactly what threads have sent, and finds a deadlock on one", () => {
    const counts = linesOf("across", /(small|large): \d+ received, and sent were \d+/)
    expect(counts.map((line) => line.match(/\d+/g)!.map(Number)).map(([a, b]) => a! - b!)).toEqual([0, 0])
    expect(page("across")).toContain('On thread 1 of pool "primes"')
  })

  it("parallel paints every row in its place, and says what it had of the machine", () => {
    const rows = linesOf("parallel", /^ +[@%#*+=~:·-]{30,}$/)
    expect(rows).toHaveLength(15)
    expect(rows[7]).toContain("@@@@")
    expect(page("parallel")).toMatch(/parallel\.map +\d+ ms, [\d.]+ times as fast/)
    expect(page("parallel")).toMatch(/\d+ cores here; \d+ threads had [\d.]+ of them/)
  })

  it("blocking stops the ticks here, and not by blocking", () => {
    const ticks = linesOf("blocking", /; \d+ ticks meanwhile/).map((line) => Number(/\d+/.exec(line)![0]))
    // A tick that was due before the call, and late, may be counted after it.
    expect(ticks[0]).toBeLessThanOrEqual(1)
    expect(ticks[1]).toBeGreaterThan(ticks[0]!)
    expect(page("blocking")).toContain("three such calls at once")
  })

  it("crash goes on after every kind of end, and runs again what may", () => {
    const text = page("crash")
    expect(text).toContain("exits: WorkerCrashed, exit code 3")
    expect(text).toContain("throws outside: WorkerCrashed, Error: thrown in a timer")
    expect(text).toContain("loops for ever: DeadlineExceeded")
    expect(text).toContain("unlucky: went well in run 3")
    expect(text).toContain("sum: 500000500000")
    expect(text).toMatch(/[45] threads died, 2 tasks were run again, 2 failed, 2 completed/)
  })

  it("million parks a million and ends them all", () => {
    expect(page("million")).toContain("1,000,001 goroutines")
    expect(page("million")).toMatch(/one of 8 started now: [\d.]+ MiB/)
    expect(page("million")).toContain("all of them have run to their end")
  })
})
