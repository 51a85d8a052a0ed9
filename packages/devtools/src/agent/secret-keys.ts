/** Which keys have values that are not shown. By the key alone: what a string says nobody can know. */
const everywhere = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "token",
  "authorization",
  "cookie",
  "apikey",
  "accesskey",
  "privatekey",
  "credential",
  "sessionid",
  "jwt",
  "bearer",
  "cvv",
  "cvc",
  "ssn",
  "cardnumber",
  "creditcard",
]
/** As parts of longer words these would hide "author" and "shipping". */
const whole: ReadonlySet<string> = new Set(["auth", "pass", "pin", "otp", "sid"])

/** Of a Map a key may be any text. */
const longestName = 200

export class SecretKeys {
  readonly #parts: ReadonlyArray<string>

  constructor(more: ReadonlyArray<string>) {
    this.#parts = [...everywhere, ...more.map(plain).filter((part) => part !== "")]
  }

  has(key: string): boolean {
    const name = plain(key.slice(0, longestName))
    return whole.has(name) || this.#parts.some((part) => name.includes(part))
  }
}

const plain = (key: string): string => key.toLowerCase().replace(/[-_.\s]/g, "")
