/**
 * Leaks that Go's goroutine leak profile is tested with: the part of GoKer in which goroutines wait for each other by channels and
 * contexts. A leak is what main leaves behind, so each program runs until nothing moves any more; the leak is named, and with the
 * fix that the project made nothing is left.
 */
import { after, type Channel, chan, nil, type Receiver, select } from "@weft/channels"
import { context, go, type LeakReport, run, sleep, type Yieldable } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"

type Program = (isFixed: boolean) => Generator<Yieldable, void, never>

/** What stays behind: each goroutine's name and what it waits for. */
async function leaksOf(program: Program, isFixed: boolean, seed: number): Promise<Array<string>> {
  const left: Array<LeakReport["goroutines"][number]> = []
  await run(
    function* () {
      go(() => program(isFixed) as Generator<never, void, never>)
      // In virtual time: over only when nobody can run any more.
      yield* sleep("1 hour")
    },
    {
      plugins: seed === 0 ? [virtualTime()] : [seeded(seed), virtualTime()],
      onLeak: ({ goroutines, message }) => {
        for (const goroutine of goroutines) expect(message).toContain(`goroutine ${goroutine.id} [`)
        left.push(...goroutines)
      },
    },
  )
  return left.map(({ name, waitReason }) => `${name}: ${waitReason ?? ""}`)
}

function leaks(name: string, what: string, program: Program, leak: string): void {
  it(`${name}: ${what}`, async () => {
    let leaked = 0
    for (let seed = 0; seed <= 50; seed++) {
      const left = await leaksOf(program, false, seed)
      if (left.length > 0) {
        expect(left).toEqual([leak])
        leaked++
      }
      expect(await leaksOf(program, true, seed)).toEqual([])
    }
    // Some need one of several orders.
    expect(leaked).toBeGreaterThan(0)
  })
}

describe("goroutine leak profile", () => {
  leaks(
    "goker kubernetes5316",
    "the answer of a request that timed out has no receiver",
    function* (isFixed) {
      const answers = chan<boolean>(isFixed ? 1 : 0)
      go.named("request", function* () {
        yield* sleep(2)
        yield* answers.send(true)
      })
      yield* select({ answer: answers.receive(), timeout: after(1).receive() })
    },
    "request: chan send",
  )

  leaks(
    "goker moby33781",
    "a monitor that is stopped while it probes never takes the probe's result",
    function* (isFixed) {
      const stop = chan<void>()
      go.named("monitor", function* () {
        for (;;) {
          const woken = yield* select({ stop: stop.receive(), interval: after(1).receive() })
          if (woken.case === "stop") return
          const results = chan<boolean>(isFixed ? 1 : 0)
          const [probing, cancel] = context.withTimeout(context.background, 1)
          go.named("probe", function* () {
            yield* sleep(0.5)
            yield* results.send(true)
          })
          const probed = yield* select({ stop: stop.receive(), result: results.receive(), timeout: probing.done })
          cancel()
          if (probed.case === "stop") return
          if (probed.case === "timeout") yield* results.receive()
        }
      })
      yield* sleep(1.2)
      yield* stop.send()
    },
    "probe: chan send",
  )

  leaks(
    "goker etcd6857",
    "who asks a node for its status after it has stopped waits for ever",
    function* (isFixed) {
      const status = chan<Channel<string>>()
      const [stop, done] = [chan<void>(), chan<void>()]
      go.named("node", function* () {
        for (;;) {
          const hit = yield* select({ asked: status.receive(), stop: stop.receive() })
          if (hit.case === "stop") return done.close()
          yield* hit.value!.send("running")
        }
      })
      go.named("status", function* () {
        const answer = chan<string>()
        const hit = yield* select({
          asked: status.send(answer),
          done: isFixed ? done.receive() : nil<void>().receive(),
        })
        if (hit.case === "asked") yield* answer.receive()
      })
      go.named("stop", function* () {
        const hit = yield* select({ told: stop.send(), done: done.receive() })
        if (hit.case === "told") yield* done.receive()
      })
    },
    "status: select",
  )

  leaks(
    "goker grpc660",
    "a closed loop that is stopped leaves the call it has just started",
    function* (isFixed) {
      const stop = chan<void>()
      go.named("loop", function* () {
        for (;;) {
          const done = chan<boolean>(isFixed ? 1 : 0)
          go.named("call", function* () {
            yield* done.send(true)
          })
          const hit = yield* select({ stop: stop.receive(), done: done.receive() })
          if (hit.case === "stop") return
        }
      })
      go(function* () {
        yield* stop.send()
      })
    },
    "call: chan send",
  )

  leaks(
    "goker cockroach24808",
    "a compactor that was told already can't tell itself to start",
    function* (isFixed) {
      const stopper = chan<void>()
      const wake = chan<void>(1)
      yield* wake.send()
      const compactor = function* () {
        if (isFixed) wake.trySend()
        else yield* wake.send()
        go.named("worker", function* () {
          for (;;) if ((yield* select({ stop: stopper.receive(), wake: wake.receive() })).case === "stop") return
        })
        stopper.close()
      }
      go.named("compactor", compactor)
    },
    "compactor: chan send",
  )

  leaks(
    "goker cockroach13197",
    "a transaction that nobody rolls back waits for a context that nobody cancels",
    function* (isFixed) {
      const [ctx, cancel] = context.withCancel(context.background)
      go.named("awaitDone", function* () {
        yield* ctx.done
      })
      if (isFixed) cancel()
    },
    "awaitDone: context done",
  )

  leaks(
    "goker grpc1424",
    "the watcher ends and never says so, and the dialer waits for that",
    function* (isFixed) {
      const addresses = chan<boolean>()
      go.named("dial", function* () {
        const done = chan<void>()
        go.named("lbWatcher", function* () {
          yield* (addresses as Receiver<boolean>).forEach(() => undefined)
          if (isFixed) done.close()
        })
        yield* done.receive()
      })
      addresses.close()
    },
    "dial: chan receive",
  )
})
