/**
 * AtomicWord: what all atomics have in common: where their word lies, and what may be put into it.
 *
 * Memory: an atomic is its 4 or 8 bytes and nothing else, so that it can lie in a layout of the user's own: no header, no version.
 *
 * Rejected: padding what an atomic of its own gets to a cache line. What the engine keeps for each SharedArrayBuffer lies between them already:
 * two threads on neighbours take 8 ns an addition, as alone, against 33 on one line.
 */
import { checkSharedPlace, newSharedMemory, Panic } from "@weft/core"
import { InvalidAmount } from "../invalid-amount.ts"
import { handleOf, type SharedHandle } from "../shared/shared-handle.ts"

/** New memory for one word, or where the word that `handle` names lies: `bytes` at a multiple of them. */
export function placeOf<Kind extends string>(
  kind: Kind,
  bytes: 4 | 8,
  handle: SharedHandle<Kind> | undefined,
): SharedHandle<Kind> {
  if (handle === undefined) return { weft: kind, buffer: newSharedMemory(kind, bytes), offset: 0 }
  const { buffer, offset } = handleOf(kind, handle)
  checkSharedPlace(kind, bytes, bytes, buffer, offset)
  return handle
}

/** Answers `value`, which a word of 32 bits holds as it is. Quicker than asking for a whole number of any size. */
export function int32(what: string, value: number): number {
  if (typeof value === "number" && (value | 0) === value) return value
  throw new InvalidAmount(`sync: ${what}`, value, `a whole number from ${-(2 ** 31)} to ${2 ** 31 - 1}`)
}

/** As {@link int32}, without a sign. */
export function uint32(what: string, value: number): number {
  if (typeof value === "number" && value >>> 0 === value) return value
  throw new InvalidAmount(`sync: ${what}`, value, `a whole number from 0 to ${2 ** 32 - 1}`)
}

/** Answers `value` as the bigint that a word of 64 bits holds as it is. */
export function int64(what: string, value: bigint | number): bigint {
  const given = wide(what, value)
  if (BigInt.asIntN(64, given) === given) return given
  throw new InvalidAmount(`sync: ${what}`, value, "a whole number from -(2n ** 63n) to 2n ** 63n - 1n")
}

/** As {@link int64}, without a sign. */
export function uint64(what: string, value: bigint | number): bigint {
  const given = wide(what, value)
  if (BigInt.asUintN(64, given) === given) return given
  throw new InvalidAmount(`sync: ${what}`, value, "a whole number from 0 to 2n ** 64n - 1n")
}

/** Answers `value`, of which an addition or a mask takes the bits that fit into the word. */
export function whole(what: string, value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new InvalidAmount(`sync: ${what}`, value, "a whole number that is a safe integer")
}

/** Answers `value` as what 64 bits are made of. */
export function wide(what: string, value: bigint | number): bigint {
  return typeof value === "bigint" ? value : BigInt(whole(what, value))
}

/** Answers the number that is exactly `value`. */
export function exact(what: string, value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new BeyondSafeInteger(what, value)
}

/**
 * A 64-bit atomic was asked for a number and holds a value that no number can be trusted with: one beyond the safe integers. `fields.value`
 * is the value.
 *
 * @since 0.2.0
 */
export class BeyondSafeInteger extends Panic<{ value: bigint }> {
  override readonly name = "BeyondSafeInteger"

  constructor(what: string, value: bigint) {
    super(
      `sync: ${what}: the value is ${value.toString()}, beyond the safe integers; take it as a bigint, by load() or add()`,
      { value },
    )
  }
}
