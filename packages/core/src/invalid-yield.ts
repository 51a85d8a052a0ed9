import { Op } from "./op.ts"
import { describe, Panic } from "./panic.ts"

/**
 * A goroutine yielded something that can't be waited for.
 *
 * @since 0.1.0
 */
export class InvalidYield extends Panic<{ yielded: unknown }> {
  override readonly name = "InvalidYield"

  constructor(yielded: unknown, where: string, advice: string, what: string = describe(yielded)) {
    super(`weft: a goroutine can't yield ${what}; ${advice} (${where})`, { yielded })
  }
}

/** `where` names the goroutine: a plain yield leaves no stack that would. */
export function invalidYield(yielded: unknown, where: string): InvalidYield {
  if (yielded instanceof Op)
    return new InvalidYield(yielded, where, "write `yield* op`, with the star", `the op itself (${yielded.name})`)
  if (typeof (yielded as { then?: unknown } | null | undefined)?.then === "function")
    return new InvalidYield(yielded, where, "write `yield* Op.fromPromise((signal) => ...)`")
  return new InvalidYield(yielded, where, "write `yield*` before an op, a goroutine or an Effect")
}

const advice =
  " (in a goroutine: yield* takes an op, a goroutine or an Effect; for a promise write `yield* Op.fromPromise(() => ...)`, for several `yield* joinAll([go(f), go(g)])`)"

/**
 * JavaScript's own message for `yield* promise` does not say what to write instead. Nor does that for `yield*` of a list, a text or a Map: the
 * {@link InvalidYield} of its first item is thrown into an iterator that takes none. It stays a TypeError, as those who catch it there see one.
 *
 * Any value may have been thrown, one that throws when it is looked at or changed included: that stays as it is.
 */
export function explainNotIterable(error: unknown): unknown {
  try {
    if (
      error instanceof TypeError &&
      /not iterable|Symbol\.iterator|'throw' method/.test(error.message) &&
      !error.message.endsWith(advice)
    )
      error.message += advice
  } catch {
    // Its own message has to do.
  }
  return error
}
