import { Worker } from "node:worker_threads"
import { chan, select } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import { expect, it } from "vitest"
import { Elsewhere } from "../../test/support/elsewhere.ts"
import { fates } from "./fates.ts"

it("a wait is given up though the thread that looks at it has ended meanwhile, and no message can tell", () =>
  run(function* () {
    const elsewhere = new Elsewhere()
    const far = elsewhere.channel()
    const here = chan<string>()
    const goroutine = go(function* () {
      return yield* select({ far: far.receive(), here: here.receive() })
    })
    while (elsewhere.entries.length < 2) yield* gosched()
    expect(elsewhere.received().claim.begin()).toBe(true)
    // Says what the thread that has started it sees, while this one looks again and again.
    const fate = { words: fates()!, index: elsewhere.number & 1023, word: (elsewhere.number << 1) | 1 }
    const says = new Worker(
      "const { index, word, words } = require('worker_threads').workerData; Atomics.store(words, index, word)",
      { eval: true, workerData: fate },
    )
    expect(here.trySend("taken")).toBe(true)
    expect(yield* goroutine).toMatchObject({ case: "here", value: "taken" })
    elsewhere.ends()
    void says.terminate()
  }))
