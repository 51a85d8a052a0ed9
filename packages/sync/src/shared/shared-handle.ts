import { made, Panic, type SharedKind, sharedWords } from "@weft/core"

/**
 * What a message can carry to another thread in place of a shared primitive: the `from` of its class makes it one again.
 *
 * @since 0.2.0
 */
export interface SharedHandle<Kind extends string = string> {
  readonly weft: Kind
  readonly buffer: SharedArrayBuffer
  readonly offset: number
}

/** The words of a primitive of `kind`, of new memory or where `handle` says. */
export function wordsOf<Kind extends string>(
  kind: SharedKind & { readonly name: Kind },
  count: number,
  handle: SharedHandle<Kind> | undefined,
): Int32Array<SharedArrayBuffer> {
  if (handle === undefined) {
    const words = sharedWords(kind, count)
    made(words.buffer)
    return words
  }
  const { buffer, offset } = handleOf(kind.name, handle)
  return sharedWords(kind, count, buffer, offset)
}

/** Answers `handle`, which has come in a message and may be anything. */
export function handleOf<Kind extends string>(kind: Kind, handle: SharedHandle<Kind>): SharedHandle<Kind> {
  if ((handle as SharedHandle<Kind> | null | undefined)?.weft === kind) return handle
  throw new HandleMismatch(kind, handle)
}

/**
 * `from` was given something else than its own class's `share()` gives.
 *
 * @since 0.2.0
 */
export class HandleMismatch extends Panic<{ kind: string; given: unknown }> {
  override readonly name = "HandleMismatch"

  constructor(kind: string, given: unknown) {
    const weft = (given as Partial<SharedHandle> | null | undefined)?.weft
    super(
      `sync: ${kind} from ${typeof weft === "string" ? `the handle of ${weft}` : "what is no handle"}; pass what ${kind}.share() gave`,
      { kind, given },
    )
  }
}
