/** The talk "Go Concurrency Patterns" (Rob Pike, 2012), with exact times on the virtual clock. */
import { after, chan, type Receiver, select, Timer } from "@weft/channels"
import { context, go, joinAll, type Op, run, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual } from "../../../core/test/support/virtual.ts"

const epoch = Date.UTC(2000, 0, 1)
const now = (): Op<number> => new Timer(0).receive().map((time) => time!.getTime() - epoch)
const virtual = { time: "virtual" } as const

/** Generator: a function that returns a channel. */
function boring(name: string, pause: number): Receiver<string> {
  const out = chan<string>()
  go(function* () {
    for (let i = 0; ; i++) {
      yield* out.send(`${name} ${i}`)
      yield* sleep(pause)
    }
  })
  return out
}

describe("Go Concurrency Patterns", () => {
  it("ping-pong: one ball, 1,000,000 rounds over an unbuffered table", { tags: "long" }, () =>
    run(function* () {
      const rounds = 1_000_000
      const table = chan<{ hits: number }>()
      const player = function* () {
        for (;;) {
          const ball = (yield* table.receive())!
          ball.hits++
          if (ball.hits >= 2 * rounds) return
          yield* table.send(ball)
        }
      }
      const ball = { hits: 0 }
      const [ping, pong] = [go(player), go(player)]
      yield* table.send(ball)
      const { case: first } = yield* select({ ping: ping.join(), pong: pong.join() })
      expect(["ping", "pong"]).toContain(first)
      expect(ball.hits).toBe(2 * rounds)
    }),
  )

  it("daisy chain: 100,000 goroutines each add 1", () =>
    run(function* () {
      const n = 100_000
      const leftmost = chan<number>()
      let left = leftmost
      for (let i = 0; i < n; i++) {
        const [to, from] = [left, chan<number>()]
        go(function* () {
          yield* to.send(1 + (yield* from.receive())!)
        })
        left = from
      }
      go(function* () {
        yield* left.send(1)
      })
      expect(yield* leftmost.receive()).toBe(n + 1)
    }))

  underSchedules(
    "generator: two services speak in lockstep, each at its own pace",
    function* () {
      const [joe, ann] = [boring("joe", 10), boring("ann", 25)]
      const heard: Array<string> = []
      for (let i = 0; i < 3; i++) heard.push((yield* joe.receive())!, (yield* ann.receive())!)
      expect(heard).toEqual(["joe 0", "ann 0", "joe 1", "ann 1", "joe 2", "ann 2"])
      expect(yield* now()).toBe(50)
    },
    virtual,
  )

  const fanIns = {
    "a goroutine for each": (a: Receiver<string>, b: Receiver<string>) => {
      const out = chan<string>()
      for (const from of [a, b]) {
        go(function* () {
          for (;;) yield* out.send((yield* from.receive())!)
        })
      }
      return out
    },
    "one select": (a: Receiver<string>, b: Receiver<string>) => {
      const out = chan<string>()
      go(function* () {
        for (;;) yield* out.send((yield* select({ a: a.receive(), b: b.receive() })).value!)
      })
      return out
    },
  }

  for (const [name, fanIn] of Object.entries(fanIns)) {
    underSchedules(
      `fan-in by ${name}: nobody waits for a slower one, and each keeps its order`,
      function* () {
        const heard: Array<string> = []
        const both = fanIn(boring("joe", 10), boring("ann", 25))
        for (let i = 0; i < 9; i++) heard.push((yield* both.receive())!)
        const of = (who: string) => heard.filter((line) => line.startsWith(who))
        expect(of("joe")).toEqual(of("joe").map((_, i) => `joe ${i}`))
        expect(of("ann")).toEqual(of("ann").map((_, i) => `ann ${i}`))
        expect(of("joe").length).toBeGreaterThan(of("ann").length)
      },
      virtual,
    )
  }

  underSchedules(
    "sequence restored: a message carries the channel on which its speaker waits",
    function* () {
      interface Message {
        readonly text: string
        readonly wait: ReturnType<typeof chan<boolean>>
      }
      const out = chan<Message>()
      for (const [name, pause] of [
        ["joe", 3],
        ["ann", 7],
      ] as const) {
        const wait = chan<boolean>()
        go(function* () {
          for (let i = 0; ; i++) {
            yield* out.send({ text: `${name} ${i}`, wait })
            yield* sleep(pause)
            yield* wait.receive()
          }
        })
      }
      for (let round = 0; round < 5; round++) {
        const [first, second] = [yield* out.take(), yield* out.take()]
        expect([first.text, second.text].sort()).toEqual([`ann ${round}`, `joe ${round}`])
        yield* first.wait.send(true)
        yield* second.wait.send(true)
      }
    },
    virtual,
  )

  underSchedules(
    "timeout for each message: one that comes too late ends the talk",
    function* () {
      const slowing = chan<number>()
      go(function* () {
        for (let i = 1; ; i++) {
          yield* sleep(i * 300)
          yield* slowing.send(i)
        }
      })
      let heard = 0
      for (;;) {
        const hit = yield* select({ message: slowing.receive(), late: after("1 second").receive() })
        if (hit.case === "late") break
        heard++
      }
      expect([heard, yield* now()]).toEqual([3, 300 + 600 + 900 + 1000])
    },
    virtual,
  )

  underSchedules(
    "timeout for the whole talk: it ends then, however lively",
    function* () {
      const joe = boring("joe", 7)
      const timeout = after(100)
      let heard = 0
      for (;;) {
        const hit = yield* select({ message: joe.receive(), late: timeout.receive() })
        if (hit.case === "late") break
        heard++
      }
      expect([heard, yield* now()]).toEqual([15, 100])
    },
    virtual,
  )

  underSchedules(
    "quit: is answered once the speaker has cleaned up",
    function* () {
      const [out, quit] = [chan<string>(), chan<string>()]
      let isClean = false
      go(function* () {
        for (let i = 0; ; i++) {
          const hit = yield* select({ out: out.send(`joe ${i}`), quit: quit.receive() })
          if (hit.case === "quit") break
        }
        yield* sleep(50)
        isClean = true
        yield* quit.send("See you!")
      })
      for (let i = 0; i < 5; i++) yield* out.receive()
      yield* quit.send("Bye!")
      expect(isClean).toBe(false)
      expect(yield* quit.receive()).toBe("See you!")
      expect(isClean).toBe(true)
    },
    virtual,
  )

  describe("Google search", () => {
    /** How long each server takes, in milliseconds. */
    const delays = { web: 70, image: 95, video: 30 }
    type Kind = keyof typeof delays
    const kinds = Object.keys(delays) as Array<Kind>

    function* search(kind: Kind, millis: number = delays[kind]) {
      yield* sleep(millis)
      return `${kind} result`
    }

    underSchedules(
      "1.0: one after the other takes the sum",
      function* () {
        const results: Array<string> = []
        for (const kind of kinds) results.push(yield* search(kind))
        expect([results, yield* now()]).toEqual([["web result", "image result", "video result"], 70 + 95 + 30])
      },
      virtual,
    )

    underSchedules(
      "2.0: all at once takes as long as the slowest",
      function* () {
        const found = chan<string>()
        for (const kind of kinds) {
          go(function* () {
            yield* found.send(yield* search(kind))
          })
        }
        const results = [yield* found.take(), yield* found.take(), yield* found.take()]
        expect([results, yield* now()]).toEqual([["video result", "web result", "image result"], 95])
      },
      virtual,
    )

    underSchedules(
      "2.1: a timeout of 80 ms answers with what is there by then",
      function* () {
        const found = chan<string>()
        for (const kind of kinds) {
          go(function* () {
            yield* found.send(yield* search(kind))
          })
        }
        const timeout = after(80)
        const results: Array<string> = []
        while (results.length < 3) {
          const hit = yield* select({ found: found.receive(), late: timeout.receive() })
          if (hit.case === "late") break
          results.push(hit.value!)
        }
        expect([results, yield* now()]).toEqual([["video result", "web result"], 80])
      },
      virtual,
    )

    underSchedules(
      "3.0: of replicas the first answer wins, and the others are called off",
      function* () {
        let calledOff = 0
        function* first(kind: Kind, replicas: ReadonlyArray<number>) {
          const [ctx, cancel] = context.withCancel(context.background)
          const answers = chan<string>(replicas.length)
          const searches = replicas.map((millis) =>
            go(function* () {
              const hit = yield* select({ found: sleep(millis), off: ctx.done })
              if (hit.case === "off") calledOff++
              else yield* answers.send(`${kind} result after ${millis}`)
            }),
          )
          const answer = (yield* answers.receive())!
          cancel()
          yield* joinAll(searches)
          return answer
        }
        const searches = [
          go(first, "web", [70, 20, 90]),
          go(first, "image", [95, 40, 41]),
          go(first, "video", [30, 31, 32]),
        ]
        const results: Array<string> = []
        for (const each of searches) results.push(yield* each)
        expect(results).toEqual(["web result after 20", "image result after 40", "video result after 30"])
        expect([yield* now(), calledOff]).toEqual([40, 6])
      },
      virtual,
    )
  })

  it("runs on the virtual clock: none of the above waits", () =>
    runVirtual(function* () {
      yield* sleep("1 day")
      expect(yield* now()).toBe(86_400_000)
    }))
})
