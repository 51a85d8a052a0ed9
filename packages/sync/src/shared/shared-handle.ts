import { checkSharedPlace, HandleMismatch, made, type SharedKind, sharedWords, sharesMemory } from "@weft/core"

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

/** What names the words of a primitive to other threads. */
export function handleFor<Kind extends string>(
  weft: Kind,
  { memory, words }: { readonly memory: SharedArrayBuffer; readonly words: Int32Array },
): SharedHandle<Kind> {
  sharesMemory(memory)
  return { weft, buffer: memory, offset: words.byteOffset }
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
  // No buffer would be new memory to sharedWords, which nobody else has.
  checkSharedPlace(kind.name, 4 * count, 4, buffer, offset)
  return sharedWords(kind, count, buffer, offset)
}

/** Answers `handle`, which has come in a message and may be anything. */
export function handleOf<Kind extends string>(kind: Kind, handle: SharedHandle<Kind>): SharedHandle<Kind> {
  if ((handle as SharedHandle<Kind> | null | undefined)?.weft === kind) return handle
  throw new HandleMismatch(kind, handle)
}
