import type { SilentThread } from "../format/silent-thread.ts"
import { FrameKind } from "../format/trace-file.ts"
import { TraceReader } from "../trace/reader.ts"
import type { TraceFrame } from "../trace/trace-frame.ts"

/** Looks at a trace while it is recorded: what is lost is never silent. */
export class TraceCounter {
  records = 0
  dropped = 0
  droppedValues = 0
  silentThreads = 0
  silent: ReadonlyArray<SilentThread> | undefined
  readonly #reader = new TraceReader()
  readonly #onFrame: (frame: TraceFrame) => void

  constructor(onFrame: (frame: TraceFrame) => void = () => undefined) {
    this.#onFrame = onFrame
  }

  take(bytes: Uint8Array): void {
    for (const frame of this.#reader.read(bytes)) {
      if (frame.kind === FrameKind.Records) {
        this.records += frame.words.length / 2
        this.dropped += frame.dropped
      } else if (frame.kind === FrameKind.Values) this.droppedValues += frame.dropped
      else if (frame.kind === FrameKind.End) {
        this.silentThreads = frame.silentThreads ?? 0
        this.silent = frame.silent
      }
      this.#onFrame(frame)
    }
  }
}
