/** A race that a thousand runs don't show: found by trying all orders, replayed by its seed, mended, and proven to be gone. */
import { chan } from "@weft/channels"
import { go, run } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import type { Stage } from "../stage.ts"

export async function main({ explain, interleaving, print, report }: Stage): Promise<void> {
  function openAccount() {
    const log = chan<string>(10) // has room, so that nobody waits to write to it
    let balance = 100
    invariant(() => balance >= 0, "balance >= 0")

    return function* withdraw(amount: number) {
      if (balance < amount) return 0
      yield* log.send(`withdraws ${amount}`)
      balance -= amount
      return amount
    }
  }

  const spend = (open: typeof openAccount) =>
    function* ann() {
      const withdraw = open()
      const bob = go.named("bob", withdraw, 70)
      return (yield* withdraw(70)) + (yield* bob)
    }

  let overdrawn = 0
  for (let i = 0; i < 1000; i++) if ((await run(spend(openAccount))) > 100) overdrawn++
  print(`1,000 plain runs: ${overdrawn} of them overdraw the account`)

  explain(
    "Nobody is in the way, so ann is through before bob begins, a thousand times. Once the log is full, or ann's time slice is over, others come in between. explore takes all orders there are.",
  )

  const { failure, schedules } = await explore({}, spend(openAccount))
  print(`explore: schedule ${schedules} fails`)
  report(String(failure?.error))
  interleaving(failure?.trace ?? "")

  explain(
    "Read it downwards. In steps 1 and 2 both look, and both find 100. In step 3 bob writes his line and takes 70; in step 4 ann does. Between looking and taking, at the send, the other one came in.",
  )

  const again = await explore({ replay: failure?.seed ?? "" }, spend(openAccount))
  print(`replayed by its seed, "${failure?.seed}": ${String(again.failure?.error)}`)

  explain(
    "The fix: look and take under a lock. A channel with room for one value is a lock: to send is to take it, to receive is to give it back.",
  )

  function openLockedAccount() {
    const withdraw = openAccount()
    const lock = chan<void>(1)

    return function* withdrawLocked(amount: number) {
      yield* lock.send()
      const given = yield* withdraw(amount)
      yield* lock.receive()
      return given
    }
  }

  const proof = await explore.check({}, spend(openLockedAccount)) // throws unless it has seen all
  print(`explore: all ${proof.schedules} schedules pass, and there are no others`)
}
