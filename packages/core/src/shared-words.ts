/**
 * SharedWords: where a shared primitive lies in shared memory, and that what lies there is one.
 *
 * Memory, every primitive's first word:
 *   HEADER  bits 24..31 0x57, 8..23 the kind, 0..7 the version of its layout. Zero until the first thread takes the memory for the
 *           primitive, by compare-and-swap; never written again.
 * All other words are zero in a new primitive, so that whoever comes first has nothing to initialise and nobody can come too early.
 */
import { describe, Panic } from "./panic.ts"

/** A kind of primitive in shared memory. @since 0.1.0 */
export interface SharedKind {
  /** For errors: "SharedMutex". */
  readonly name: string
  /** Tells kinds apart: 1 to 65,535. */
  readonly number: number
  /** Of the memory's layout: one more whenever a word changes its meaning. */
  readonly version: number
}

/** The index of the header; a primitive's own words begin after it. */
const Header = 0
const magic = 0x57

/**
 * The words of a primitive of `kind`: of new memory, or from `offset` on in `buffer`. Zeroed memory becomes one; memory that is one is
 * attached.
 *
 * Errors: {@link SharedMemoryUnavailable}; {@link SharedLayoutMismatch} where something else lies there; {@link InvalidSharedPlace} for an
 * offset that is no multiple of 4, or beyond the memory.
 *
 * @since 0.1.0
 */
export function sharedWords(
  kind: SharedKind,
  count: number,
  buffer?: SharedArrayBuffer,
  offset = 0,
): Int32Array<SharedArrayBuffer> {
  const bytes = 4 * count
  const memory = buffer ?? unsharedMemory(kind.name, bytes)
  checkSharedPlace(kind.name, bytes, 4, memory, offset)
  const words = new Int32Array(memory, offset, count)
  const header = (magic << 24) | (kind.number << 8) | kind.version
  const found = Atomics.compareExchange(words, Header, 0, header)
  if (found !== 0 && found !== header) throw new SharedLayoutMismatch(kind, found)
  return words
}

/** Made here, and never given to anybody; with what is to be done once it is. */
const unshared = new WeakMap<ArrayBufferLike, Array<() => void>>()

function unsharedMemory(kind: string, bytes: number): SharedArrayBuffer {
  const memory = newSharedMemory(kind, bytes)
  unshared.set(memory, [])
  return memory
}

/** Whether no other thread can have this memory, nor another object of this thread. */
export const isUnshared = (memory: ArrayBufferLike): boolean => unshared.has(memory)

/** Calls back when a handle of memory is made that nobody has yet. */
export const onceShared = (memory: ArrayBufferLike, f: () => void): void => void unshared.get(memory)?.push(f)

/** Says that a handle of this memory was made, with which other threads may have it. @since 0.3.0 */
export function sharesMemory(memory: SharedArrayBuffer): void {
  const told = unshared.get(memory) ?? []
  unshared.delete(memory)
  for (const f of told) f()
}

/** New shared memory for a `kind`, or {@link SharedMemoryUnavailable}. @since 0.2.0 */
export function newSharedMemory(kind: string, bytes: number): SharedArrayBuffer {
  if (typeof SharedArrayBuffer === "undefined") throw new SharedMemoryUnavailable(kind)
  return new SharedArrayBuffer(bytes)
}

/**
 * Throws unless a `kind` of `bytes` bytes can lie at `offset` of `buffer`: {@link InvalidSharedPlace}, or {@link SharedMemoryUnavailable}.
 * For those that have no header: an atomic is its bytes and nothing else.
 *
 * @since 0.2.0
 */
export function checkSharedPlace(
  kind: string,
  bytes: number,
  alignment: 4 | 8,
  buffer: unknown,
  offset: unknown,
): void {
  if (typeof SharedArrayBuffer === "undefined") throw new SharedMemoryUnavailable(kind)
  const fits =
    buffer instanceof SharedArrayBuffer &&
    typeof offset === "number" &&
    Number.isSafeInteger(offset) &&
    offset >= 0 &&
    offset % alignment === 0 &&
    offset + bytes <= buffer.byteLength
  if (!fits) throw new InvalidSharedPlace(kind, buffer, offset, bytes, alignment)
}

/**
 * What lies in the memory is not what this thread takes it for: another kind of primitive, one of another version of the package, or none.
 *
 * @since 0.1.0
 */
export class SharedLayoutMismatch extends Panic<{ kind: string; version: number; found: number }> {
  override readonly name = "SharedLayoutMismatch"

  constructor({ name, number, version }: SharedKind, found: number) {
    const isWeft = found >>> 24 === magic
    const isSameKind = isWeft && ((found >>> 8) & 0xffff) === number
    super(
      isSameKind
        ? `weft: the ${name} in this memory has layout ${found & 0xff}, and this thread knows layout ${version}; use one version of the package in all threads`
        : `weft: there is ${isWeft ? "another kind of primitive" : "something else"} where a ${name} was expected; give each its own memory, zeroed before`,
      { kind: name, version, found },
    )
  }
}

/**
 * A place where no shared primitive can lie.
 *
 * @since 0.1.0
 */
export class InvalidSharedPlace extends Panic<{
  kind: string
  buffer: unknown
  offset: unknown
  bytes: number
  alignment: number
}> {
  override readonly name = "InvalidSharedPlace"

  constructor(kind: string, buffer: unknown, offset: unknown, bytes: number, alignment = 4) {
    const isShared = typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer
    const where = `${describe(buffer)}${isShared ? ` of ${buffer.byteLength} bytes` : ""}`
    super(
      `weft: no ${kind} can be at offset ${describe(offset)} of ${where}; it takes ${bytes} bytes of a SharedArrayBuffer, from a multiple of ${alignment} on`,
      { kind, buffer, offset, bytes, alignment },
    )
  }
}

/**
 * This browser page may not share memory between threads.
 *
 * @since 0.1.0
 */
export class SharedMemoryUnavailable extends Panic<{ kind: string }> {
  override readonly name = "SharedMemoryUnavailable"

  constructor(kind: string) {
    super(
      `weft: a ${kind} needs SharedArrayBuffer, which a page has only if it is cross-origin isolated; serve it with the headers ` +
        `"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"`,
      { kind },
    )
  }
}
