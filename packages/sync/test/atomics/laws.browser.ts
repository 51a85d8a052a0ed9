/** A Web Worker that runs what the threads of the stress tests run, and one end of a shared channel. */
import { codec, sharedChan, type SharedChannelHandle } from "@weft/channels"
import { run } from "@weft/core"
import { acquire, count, doOnce, meet, produceOrConsume, share, wait } from "../stress/laws.node.ts"

export interface Carrying {
  readonly channel: SharedChannelHandle<number>
  readonly times: number
}

/** Worker 0 sends 0, 1, 2, ... and closes; worker 1 answers what it has received. */
function carry({ channel, times }: Carrying, index: number): Promise<Array<number>> {
  const ch = sharedChan.from(codec.i32, channel)
  return run(function* () {
    if (index === 1) return yield* ch.drain()
    for (let i = 0; i < times; i++) yield* ch.send(i)
    ch.close()
    return []
  })
}

const laws = { acquire, carry, count, doOnce, meet, produceOrConsume, share, wait }
export type Laws = typeof laws

export interface Asked {
  readonly name: keyof Laws
  readonly data: never
  readonly index: number
}

export type Answered = { readonly result: unknown } | { readonly error: string }

async function answer({ data, index, name }: Asked): Promise<Answered> {
  try {
    return { result: await laws[name](data, index) }
  } catch (error) {
    return { error: String(error) }
  }
}

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  void answer(data).then((answered) => postMessage(answered))
})
