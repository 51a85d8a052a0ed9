/** Channels from thread to thread: two threads send, this one selects, and one context ends all three. */
import { chan, type Channel, select, type Sender } from "@weft/channels"
import { context, type Context, DeadlockError, run } from "@weft/core"
import { Pool, task } from "@weft/workers"
import type { Stage } from "../stage.ts"

const primesFrom = task(import.meta.url, "primesFrom", function* (first: number, primes: Sender<number>, ctx: Context) {
  let sent = 0
  for (let n = first; ; n += 2) {
    if (!isPrime(n)) continue
    const hit = yield* select({ sent: primes.send(n), done: ctx.done })
    if (hit.case === "done") return sent
    sent++
  }
})

const listen = task(import.meta.url, "listen", function* (words: Channel<string>) {
  return yield* words.receive()
})

function isPrime(n: number): boolean {
  for (let d = 3; d * d <= n; d += 2) if (n % d === 0) return false
  return true
}

export async function main({ explain, print, report }: Stage): Promise<void> {
  await using pool = new Pool({ threads: 2, name: "primes" })

  await run(function* () {
    const small = chan<number>()
    const large = chan<number>()
    const [ctx, cancel] = context.withCancel(context.background)
    const senders = {
      small: pool.spawnWith({ on: 1 }, primesFrom, 3, small, ctx), // on: a thread of its own
      large: pool.spawnWith({ on: 2 }, primesFrom, 1e12 + 1, large, ctx),
    }

    const received = { small: 0, large: 0 }
    while (received.small < 1_000 || received.large < 20) {
      const hit = yield* select({ small: small.receive(), large: large.receive() })
      received[hit.case]++
      if (received[hit.case] <= 3) print(`${hit.case}  ${hit.value?.toLocaleString("en")}`)
    }

    cancel()
    for (const name of ["small", "large"] as const) {
      print(`${name}: ${received[name]} received, and sent were ${yield* senders[name]}`)
    }
  })

  explain(
    "The channels went along as arguments, and so did the context. A send that loses its select has sent nothing, over there too, so the figures agree.",
  )

  print("and one to whom nobody sends:")
  const program = run(
    function* () {
      yield* pool.spawn(listen, chan<string>())
    },
    { deadlock: "fail" },
  )

  try {
    await program
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error
    report(error.message)
  }
}
