import type { Model } from "./model.ts"
import { type Operation, Thrown } from "./operation.ts"

/** The longest text that a picture shows of a value. */
const longest = 80

/**
 * Labels: how pictures and sentences name operations, results and states.
 *
 * A call that only ever returns undefined shows no result: `send(1)`, but `receive() = undefined` where another receive gave a value.
 */
export class Labels<Call, Result> {
  readonly #describe: ((call: Call) => string) | undefined
  readonly #withResult = new Set<string>()

  constructor(model: Pick<Model<never, Call, Result>, "describe">, operations: Iterable<Operation<Call, Result>>) {
    this.#describe = model.describe
    for (const { call, result } of operations) if (result !== undefined) this.#withResult.add(kindOf(this.call(call)))
  }

  /** `send(1)` */
  call(call: Call): string {
    return this.#describe?.(call) ?? describeCall(call)
  }

  /** `receive() = 1`; as far as it has returned. */
  operation({ call, result, returned }: Operation<Call, Result>): string {
    const label = this.call(call)
    if (returned === undefined) return label
    if (result instanceof Thrown) return `${label} throws ${result.name}`
    return result === undefined && !this.#withResult.has(kindOf(label)) ? label : `${label} = ${show(result)}`
  }

  /** `a: receive() = 1` */
  named(operation: Operation<Call, Result>): string {
    return `${operation.client}: ${this.operation(operation)}`
  }
}

const kindOf = (label: string): string => label.replace(/\(.*/su, "")

function describeCall(call: unknown): string {
  if (typeof call === "string") return call.endsWith(")") ? call : `${call}()`
  if (!Array.isArray(call) || typeof call[0] !== "string") return show(call)
  const [name, ...values] = call as [string, ...ReadonlyArray<unknown>]
  return `${name}(${values.map(show).join(", ")})`
}

/** A value as the user would write it, in one line that is not too long. */
export function show(value: unknown): string {
  const text = write(value, [])
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

function write(value: unknown, around: ReadonlyArray<unknown>): string {
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "bigint") return `${value}n`
  if (typeof value === "function") return value.name === "" ? "a function" : value.name
  if (typeof value !== "object" || value === null) return String(value)
  if (around.includes(value)) return "…"
  const each = (inner: unknown) => write(inner, [...around, value])
  if (Array.isArray(value)) return `[${value.map(each).join(", ")}]`
  if (value instanceof Thrown) return `throws ${value.name}`
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString()
  if (value instanceof Set) return braced("Set", [...value].map(each))
  if (value instanceof Map)
    return braced(
      "Map",
      [...value].map(([key, inner]) => `${each(key)} => ${each(inner)}`),
    )
  const name = Object.prototype.toString.call(value).slice(8, -1)
  if (ArrayBuffer.isView(value)) return `${name}[…]`
  const kind = (Object.getPrototypeOf(value) as { readonly constructor?: { readonly name: string } } | null)
    ?.constructor
  return braced(
    kind === undefined || kind === Object ? "" : kind.name,
    Object.entries(value).map(([key, inner]) => `${key}: ${each(inner)}`),
  )
}

function braced(name: string, parts: ReadonlyArray<string>): string {
  const body = parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`
  return name === "" ? body : `${name} ${body}`
}
