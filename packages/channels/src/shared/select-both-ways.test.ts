/** A select that receives and sends on one shared channel, and waits for both. */
import { go, gosched, run } from "@weft/core"
import { expect, it } from "vitest"
import { select } from "../select.ts"
import { layoutOf, memoryOf, Receivers, sequenceWord, Tail, valueByte } from "./ring-layout.ts"
import { codec, sharedChan } from "./shared-chan.ts"

it("a select that both receives and sends on one channel, and waits for both, keeps what it has received", () =>
  run(function* () {
    const ch = sharedChan(codec.f64, 1)
    const { buffer, offset } = ch.share()
    const layout = layoutOf(1, codec.f64.bytes)
    const words = new Int32Array(buffer, offset, layout.words)
    // As another thread in the middle of its send: it has claimed position 0, and not yet written. So nothing is there, nor is room.
    Atomics.store(words, Tail, 1)
    const selecting = go(select({ in: ch.receive(), out: ch.send(3) }))
    while (selecting.status !== "waiting") yield* gosched()
    // It writes 4, and tells.
    codec.f64.write(memoryOf(words), valueByte(layout, 0), 4)
    Atomics.store(words, sequenceWord(layout, 0), 1)
    Atomics.add(words, Receivers, 2)
    Atomics.notify(words, Receivers)
    const hit = yield* selecting
    const received = hit.case === "in" ? [hit.value] : []
    for (let next = ch.tryReceive(); next !== undefined; next = ch.tryReceive()) received.push(next.value)
    expect(received).toEqual(hit.case === "in" ? [4] : [4, 3])
  }))
