/** What values of messages are shown as, where that is asked for. */
export interface ValueOptions {
  /**
   * Keys whose values are shown as `[redacted]`, besides those that always are (`password`, `token`, `cookie` and the like, see docs/devtools.md). A key matches that contains
   * one of these, whatever the case; `-`, `_`, `.` and spaces don't count.
   */
  readonly redact?: ReadonlyArray<string>
  /** Characters of one value's text, at most. 200. */
  readonly maxLength?: number
}

/** As it goes to the agent. */
export interface WantedValues {
  readonly redact: ReadonlyArray<string>
  readonly maxLength: number
}

export const longestValue = 10_000
const most = { names: 200, name: 100, length: longestValue }
const usual: WantedValues = { redact: [], maxLength: 200 }

/** Undefined where none are wanted. Errors: `RangeError`, `TypeError`. */
export function wantedValues(values: boolean | ValueOptions | undefined): WantedValues | undefined {
  if (values === undefined || values === false) return undefined
  if (values === true) return usual
  const { maxLength = usual.maxLength, redact = usual.redact } = values
  if (!Number.isSafeInteger(maxLength) || maxLength < 1 || maxLength > most.length)
    throw new RangeError(
      `devtools: values of at most ${maxLength} characters; give a whole number from 1 to ${most.length}`,
    )
  if (!Array.isArray(redact) || redact.length > most.names)
    throw new TypeError(`devtools: redact is no list of up to ${most.names} keys; write { redact: ["iban"] }`)
  for (const name of redact as ReadonlyArray<unknown>)
    if (typeof name !== "string" || name.trim() === "" || name.length > most.name)
      throw new TypeError(`devtools: redact has ${JSON.stringify(name)}, which is no key`)
  return { redact, maxLength }
}

/** Of a list as it is typed: "iban, phone". */
export const keysIn = (list: string): Array<string> =>
  list
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "")
