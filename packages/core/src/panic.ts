/**
 * A bug in the caller, reported by a primitive in Go's words: sending on a closed channel, a negative WaitGroup counter.
 *
 * All of Weft's own panics are of this family. `fields` are for code, the message is for people.
 *
 * @see Go: runtime.Error
 * @since 0.1.0
 */
export class Panic<Fields extends object = object> extends Error {
  override readonly name: string = "Panic"
  readonly fields: Readonly<Fields>

  constructor(message: string, fields: Fields, options?: ErrorOptions) {
    super(message, options)
    this.fields = fields
  }
}

/**
 * An op was committed where nobody can park it: outside a goroutine and outside an Effect.
 *
 * @since 0.1.0
 */
export class OutsideRuntime extends Panic<{ op: string }> {
  override readonly name = "OutsideRuntime"

  constructor(op: string) {
    super(
      `weft: ${op} outside any goroutine; start one with run(function* () { ... }) or go(...), or write \`await op.promise()\` in async code`,
      { op },
    )
  }
}

/**
 * What was given to run as a goroutine, or in one, can't be that. `made` is what it returned that nobody would wait for: a promise runs on.
 *
 * @since 0.1.0
 */
export class InvalidBody extends Panic<{ body: unknown; made: unknown }> {
  override readonly name = "InvalidBody"

  constructor(caller: string, body: unknown, advice: string, made?: unknown) {
    super(`weft: ${caller} can't start ${describe(body)}; ${advice}`, { body, made })
  }
}

/**
 * Names a value for an error message, without running code of its own: `"text"`, `1.5`, `5n`, `an object {x, y}`, `a Map`, `a channel`.
 *
 * @since 0.2.0
 */
export function describe(value: unknown): string {
  if (typeof value === "string")
    return value.length > longest ? `a string of ${value.length} characters` : JSON.stringify(value)
  if (typeof value === "bigint") return `${value}n`
  if (!isObject(value)) return String(value)
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  if (typeof value === "function") {
    const name = value.name === "" ? "" : ` (${value.name})`
    return `${kind === "Function" ? "a plain function" : withArticle(kind)}${name}`
  }
  if ("addJoiner" in value) return "a goroutine"
  if ("tryReceive" in value) return "a channel"
  return kind === "Object" ? `an object {${Object.keys(value).slice(0, 3).join(", ")}}` : withArticle(kind)
}

/** Characters of a text that an error shows. */
const longest = 40

const withArticle = (noun: string): string => `${/^[AEIO]/.test(noun) ? "an" : "a"} ${noun}`

const isObject = (value: unknown): value is object => Object(value) === value
