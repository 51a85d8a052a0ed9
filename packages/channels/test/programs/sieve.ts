import { chan, type Receiver, type Sender } from "@weft/channels"
import { go, type Op } from "@weft/core"

/** Sends 2, 3, 4, ... */
export function* generate(out: Sender<number>): Generator<Op<void>, void, unknown> {
  for (let i = 2; ; i++) yield* out.send(i)
}

/** Passes on what `prime` does not divide. */
export function* filter(
  from: Receiver<number>,
  to: Sender<number>,
  prime: number,
): Generator<Op<number | undefined> | Op<void>, void, unknown> {
  yield* from.forEach(function* (i) {
    if (i % prime !== 0) yield* to.send(i)
  })
}

/** The prime sieve: every prime adds a goroutine to the chain. */
export function primes(): Receiver<number> {
  const out = chan<number>()
  const numbers = chan<number>()
  go(generate, numbers)
  go(function* () {
    let from = numbers
    for (;;) {
      const prime = (yield* from.receive())!
      yield* out.send(prime)
      const to = chan<number>()
      go(filter, from, to, prime)
      from = to
    }
  })
  return out
}
