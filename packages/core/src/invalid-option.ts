import { describe, Panic } from "./panic.ts"

/** For each option what it may be: its values, or what tells them, with words for an error; undefined where that is up to whoever uses it. */
export type KnownOptions<O> = {
  readonly [Name in keyof O]-?:
    ReadonlyArray<O[Name]> | { includes(given: unknown): unknown; readonly wanted: string } | undefined
}

/** @throws InvalidOption for an option that `caller` does not have: one that is misspelt would do nothing, and nobody would know. */
export function checkOptions<O extends object>(caller: string, options: O, known: KnownOptions<O>): void {
  if (Object(options) !== options) throw new InvalidOption(caller, "options", options, "an object")
  for (const name of Object.keys(options)) {
    const given = options[name as keyof O]
    if (!Object.hasOwn(known, name))
      throw new InvalidOption(caller, name, given, `left out: there are ${listed(known)}`)
    const values = known[name as keyof O]
    if (given === undefined || values === undefined || values.includes(given)) continue
    const wanted = "wanted" in values ? values.wanted : `one of ${values.map(describe).join(", ")}`
    throw new InvalidOption(caller, name, given, wanted)
  }
}

const listed = (known: object): string => Object.keys(known).join(", ")

/**
 * An option that is misspelt, or has a value that it can't have.
 *
 * @since 0.2.0
 */
export class InvalidOption extends Panic<{ option: string; given: unknown }> {
  override readonly name = "InvalidOption"

  constructor(caller: string, option: string, given: unknown, wanted: string) {
    super(`weft: ${caller}: option ${option} is ${describe(given)}; it must be ${wanted}`, { option, given })
  }
}
