/**
 * A whole trace file of what this thread's ring has, made in the same breath: what it is asked for may be the end of the process.
 */
import { FrameKind, type TraceMeta } from "../format/trace-file.ts"
import { encodeFrame, encodeMagic } from "../trace/writer.ts"
import type { Recorder } from "./recorder.ts"
import type { NumberedValues } from "./value-ring.ts"

export interface SnapshotOf {
  readonly meta: TraceMeta
  readonly thread: number
  readonly name: string
  readonly zero: number
}

export function snapshotNow(
  recorder: Recorder,
  values: NumberedValues | undefined,
  of: SnapshotOf,
  siteOf: (text: string) => string,
): Uint8Array {
  const { meta, name, thread, zero } = of
  recorder.seal()
  const { first, strings } = recorder.strings.all()
  const segments = recorder.ring.copySince(-Infinity)
  const frames = [
    encodeMagic(),
    encodeFrame({ kind: FrameKind.Meta, ...meta }),
    encodeFrame({ kind: FrameKind.Thread, thread, name, zero }),
    encodeFrame({ kind: FrameKind.Strings, thread, first, strings: strings.map(siteOf) }),
    encodeFrame({ kind: FrameKind.Objects, thread, objects: recorder.newObjects }),
    ...(values === undefined ? [] : [encodeFrame({ kind: FrameKind.Values, thread, ...values })]),
    ...segments.map(({ bytes }) =>
      encodeFrame({ kind: FrameKind.Records, thread, dropped: 0, words: new Int32Array(bytes.buffer) }),
    ),
    encodeFrame({ kind: FrameKind.End, reason: "snapshot", records: 0, dropped: 0 }),
  ]
  return Buffer.concat(frames)
}
