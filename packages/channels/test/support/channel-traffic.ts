/** Goroutines that do at random whatever a channel can do, and the history of it. */
import { type Channel, select } from "@weft/channels"
import { currentProcessor, go, gosched, run, sleep } from "@weft/core"
import { type History, type Operation, recordHistory, seeded, virtualTime } from "@weft/core/testing"
import type { ChannelCall, ChannelResult } from "./channel-model.ts"

type Recorded = History<ChannelCall, ChannelResult>

/** The seed's next number below n. */
const choose = (n: number): number => currentProcessor().scheduler.choose(n)

/** One operation on the channel, drawn by the seed; `value` is sent if any is. */
function* operate(ch: Channel<number>, history: Recorded, value: number) {
  switch (choose(12)) {
    case 0:
    case 1:
    case 2:
      return yield* history.op(["send", value], ch.send(value))
    case 3:
    case 4:
      return yield* history.op(["receive"], ch.receive())
    case 5:
    case 6:
      return yield* history.op(["next"], ch.next())
    case 7:
      return history.call(["trySend", value], () => ch.trySend(value))
    case 8:
      return history.call(["tryReceive"], () => ch.tryReceive())
    case 9:
    case 10:
      return yield* history.op(["select", value], select({ in: ch.next(), out: ch.send(value) }))
    default:
      // Seldom: what comes after it is of one kind.
      return choose(6) === 0 ? history.call(["close"], () => ch.close()) : yield* gosched()
  }
}

/** Two to four goroutines that do so, one of which may be cancelled on its way; answers them. */
export function* clientsOf(ch: Channel<number>, history: Recorded) {
  let value = 0
  const clients = Array.from({ length: 2 + choose(3) }, (_, i) =>
    go.named(String.fromCharCode(97 + i), function* () {
      for (let left = 3 + choose(4); left > 0; left--) {
        try {
          yield* operate(ch, history, ++value)
        } catch {
          // Recorded: a send on a closed channel.
        }
        if (choose(2) === 0) yield* gosched()
      }
    }),
  )
  for (let i = choose(12); i > 0; i--) yield* gosched()
  if (choose(2) === 0) clients[choose(clients.length)]!.interrupt()
  return clients
}

/** What they did; under one seed always the same. */
export async function traffic(
  make: () => Channel<number>,
  seed: number,
): Promise<ReadonlyArray<Operation<ChannelCall, ChannelResult>>> {
  const history: Recorded = recordHistory()
  await run(
    function* () {
      yield* clientsOf(make(), history)
      // Until all have ended or wait; main's end then cancels these.
      yield* sleep(1)
    },
    { plugins: [seeded(seed), virtualTime()] },
  )
  return [...history]
}
