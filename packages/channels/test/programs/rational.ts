/** A fraction in lowest terms, its denominator positive. */
export class Rational {
  readonly numerator: bigint
  readonly denominator: bigint

  constructor(numerator: bigint, denominator = 1n) {
    const g = gcd(numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator)
    const sign = denominator < 0n ? -1n : 1n
    this.numerator = (sign * numerator) / g
    this.denominator = (sign * denominator) / g
  }

  static of(n: number): Rational {
    return new Rational(BigInt(n))
  }
  plus(other: Rational): Rational {
    return new Rational(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    )
  }
  times(other: Rational): Rational {
    return new Rational(this.numerator * other.numerator, this.denominator * other.denominator)
  }
  inverse(): Rational {
    return new Rational(this.denominator, this.numerator)
  }
  negate(): Rational {
    return new Rational(-this.numerator, this.denominator)
  }
  toString(): string {
    return this.denominator === 1n ? String(this.numerator) : `${this.numerator}/${this.denominator}`
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a || 1n : gcd(b, a % b)
}
