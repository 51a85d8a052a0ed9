import { run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { add, differentiate, exp, get, integrate, multiply, repeat, scale, type Series, split } from "./power-series.ts"
import { Rational } from "./rational.ts"

const ones = () => repeat(Rational.of(1))

function* take(series: Series, n: number): Generator<never, Array<string>, unknown> {
  const coefficients: Array<string> = []
  for (let i = 0; i < n; i++)
    coefficients.push(String(yield* get(series) as unknown as Generator<never, Rational, unknown>))
  return coefficients
}

const naturals = (n: number) => Array.from({ length: n }, (_, i) => String(i + 1))

describe("test/chan", () => {
  underSchedules("powser2: 1/(1-x), its sum, multiple, derivative and integral", function* () {
    expect(yield* take(ones(), 5)).toEqual(["1", "1", "1", "1", "1"])
    expect(yield* take(add(ones(), ones()), 4)).toEqual(["2", "2", "2", "2"])
    expect(yield* take(scale(new Rational(1n, 3n), ones()), 2)).toEqual(["1/3", "1/3"])
    expect(yield* take(integrate(ones(), Rational.of(0)), 5)).toEqual(["0", "1", "1/2", "1/3", "1/4"])
  })

  underSchedules("powser2: the derivative of 1/(1-x) and its square both count 1, 2, 3, ...", function* ({ isReal }) {
    const n = isReal ? 12 : 5
    expect(yield* take(differentiate(ones()), n)).toEqual(naturals(n))
    expect(yield* take(multiply(ones(), ones()), n)).toEqual(naturals(n))
    const [a, b] = split(ones())
    expect(yield* take(multiply(a, b), n)).toEqual(naturals(n))
  })

  it("powser2: e^x counts 1/n!", () =>
    run(function* () {
      const x = integrate(constantOne(), Rational.of(0))
      expect(yield* take(exp(x), 7)).toEqual(["1", "1", "1/2", "1/6", "1/24", "1/120", "1/720"])
    }))
})

/** 1, 0, 0, ...: 1/(1-x) less x/(1-x), which is the integral of its derivative from 0. */
function constantOne(): Series {
  return add(ones(), scale(Rational.of(-1), integrate(differentiate(ones()), Rational.of(0))))
}
