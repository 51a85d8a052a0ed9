import { FrameKind } from "../format/trace-file.ts"
import { SyntheticThread, syntheticStrings } from "./synthetic-thread.ts"
import { encodeFrame, encodeMagic } from "./writer.ts"

export interface SyntheticOptions {
  readonly records: number
  readonly threads?: number
  readonly seed?: number
  /** Whether every op is recorded, and how full channels are. */
  readonly ops?: boolean
  /** The part of frames before which records were lost: 0 unless said otherwise. */
  readonly lossy?: number
}

/**
 * The bytes of a made-up trace that looks like one: for tests and benchmarks.
 *
 * Laws
 * - The same options give the same bytes.
 * - It has exactly `records` records.
 */
export function* syntheticTrace(options: SyntheticOptions): Generator<Uint8Array<ArrayBuffer>, void, void> {
  const { records, threads = 4, seed = 1, ops = false, lossy = 0 } = options
  const random = seeded(seed)
  yield encodeMagic()
  yield encodeFrame({
    kind: FrameKind.Meta,
    ...{ pid: 4711, title: "synthetic", argv: ["node", "synthetic.ts"], host: "localhost", runtime: "node 24.21.0" },
    ...{ cores: threads, startedAt: ZERO, ops },
  })
  const made = Array.from({ length: threads }, () => new SyntheticThread(random, ops))
  for (const [thread, { objects }] of made.entries()) {
    const name = thread === 0 ? "main" : `worker ${thread}`
    yield encodeFrame({ kind: FrameKind.Thread, thread, name, zero: ZERO + 3.25 * thread })
    yield encodeFrame({ kind: FrameKind.Strings, thread, first: 1, strings: syntheticStrings })
    yield encodeFrame({ kind: FrameKind.Objects, thread, objects })
  }
  let left = records
  let dropped = 0
  for (let thread = 0; left > 0; thread = (thread + 1) % threads) {
    // What is lost is made like the rest, and not written.
    const lost = random() < lossy ? made[thread]!.record(1000 * random()).length / 2 : 0
    const words = made[thread]!.record(Math.min(left, FRAME_RECORDS)).subarray(0, 2 * left)
    yield encodeFrame({ kind: FrameKind.Records, thread, dropped: lost, words })
    left -= words.length / 2
    dropped += lost
  }
  yield encodeFrame({ kind: FrameKind.End, reason: "asked", records, dropped })
}

const ZERO = 1_790_000_000_000
const FRAME_RECORDS = 16_384

/** Mulberry32: small, and the same on every host. */
function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
