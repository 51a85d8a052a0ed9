/**
 * Power series as streams on demand: "Squinting at Power Series" (McIlroy 1989), Go's test/chan/powser1.go and powser2.go.
 *
 * A series is a pair of channels: who wants a coefficient sends a request, then receives. Every operation is a goroutine.
 */
import { chan, type Channel } from "@weft/channels"
import { go, type Yieldable } from "@weft/core"
import { Rational } from "./rational.ts"

export interface Series {
  readonly request: Channel<void>
  readonly data: Channel<Rational>
}

type Step<A> = Generator<Yieldable, A, unknown>

const zero = Rational.of(0)
const one = Rational.of(1)

/** Asks for the next coefficient. */
export function* get(series: Series): Step<Rational> {
  yield* series.request.send()
  return yield* series.data.take() as unknown as Step<Rational>
}

function* put(value: Rational, series: Series): Step<void> {
  yield* series.request.receive()
  yield* series.data.send(value)
}

function series(body: (out: Series) => Step<void>): Series {
  const out: Series = { request: chan<void>(), data: chan<Rational>() }
  go(function* () {
    yield* body(out) as unknown as Generator<never, void, unknown>
  })
  return out
}

/** Both of one at once. */
function* getBoth(a: Series, b: Series): Step<[Rational, Rational]> {
  return [yield* get(a), yield* get(b)]
}

/** Copies on: every coefficient of `from` from here on is one of `to`. */
function* copy(from: Series, to: Series): Step<void> {
  for (;;) {
    yield* to.request.receive()
    yield* to.data.send(yield* get(from))
  }
}

/** Two series that both give what `from` gives; whichever is ahead, the other's queue keeps what it has not asked for. */
export function split(from: Series): [Series, Series] {
  const values: Array<Rational> = []
  // One goroutine serves both, so `from` is asked by one only.
  const lock = chan<boolean>(1)
  lock.trySend(true)
  const reader = () =>
    series(function* (out) {
      for (let i = 0; ; i++) {
        yield* out.request.receive()
        yield* lock.receive()
        while (values.length <= i) values.push(yield* get(from))
        yield* lock.send(true)
        yield* out.data.send(values[i]!)
      }
    })
  return [reader(), reader()]
}

/** The same coefficient for ever: c/(1-x). */
export const repeat = (coefficient: Rational): Series =>
  series(function* (out) {
    for (;;) yield* put(coefficient, out)
  })

export const add = (a: Series, b: Series): Series =>
  series(function* (out) {
    for (;;) {
      yield* out.request.receive()
      const [left, right] = yield* getBoth(a, b)
      yield* out.data.send(left.plus(right))
    }
  })

export const scale = (factor: Rational, a: Series): Series =>
  series(function* (out) {
    for (;;) {
      yield* out.request.receive()
      yield* out.data.send(factor.times(yield* get(a)))
    }
  })

/** x times a series. */
const shift = (first: Rational, a: Series): Series =>
  series(function* (out) {
    yield* put(first, out)
    yield* copy(a, out)
  })

/** (f + xF)(g + xG) = fg + x(fG + gF) + x²FG. */
export const multiply = (a: Series, b: Series): Series =>
  series(function* (out) {
    yield* out.request.receive()
    const [f, g] = yield* getBoth(a, b)
    yield* out.data.send(f.times(g))
    const [[a0, a1], [b0, b1]] = [split(a), split(b)]
    const rest = add(add(scale(f, b0), scale(g, a0)), shift(zero, multiply(a1, b1)))
    yield* copy(rest, out)
  })

/** The derivative. */
export const differentiate = (a: Series): Series =>
  series(function* (out) {
    yield* out.request.receive()
    yield* get(a)
    for (let n = 1; ; n++) {
      yield* out.data.send(Rational.of(n).times(yield* get(a)))
      yield* out.request.receive()
    }
  })

/** The integral with this constant. */
export const integrate = (a: Series, constant: Rational): Series =>
  series(function* (out) {
    yield* put(constant, out)
    for (let n = 1; ; n++) {
      yield* out.request.receive()
      yield* out.data.send(
        Rational.of(n)
          .inverse()
          .times(yield* get(a)),
      )
    }
  })

/** e to a series without a constant: the solution of x' = a'x, which feeds on itself. */
export const exp = (a: Series): Series => {
  // Through a buffer that the result fills: split would ask it for a coefficient that it is about to make.
  const known: Array<Rational> = []
  const derivative = differentiate(a)
  const coefficients: Array<Rational> = []
  return series(function* (out) {
    for (let n = 0; ; n++) {
      yield* out.request.receive()
      let value = one
      if (n > 0) {
        coefficients.push(yield* get(derivative))
        value = zero
        for (let i = 0; i < n; i++) value = value.plus(coefficients[i]!.times(known[n - 1 - i]!))
        value = value.times(Rational.of(n).inverse())
      }
      known.push(value)
      yield* out.data.send(value)
    }
  })
}
