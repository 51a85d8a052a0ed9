/**
 * A recording that is under way: from the process to the page as its bytes come.
 *
 * Nothing is collected here. `onBytes` answers a promise while the page has not read what it was sent before, so the process is not read from, its ring
 * goes round, and what was dropped is counted there.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { Attached, RunningTrace } from "../attach/attached.ts"
import type { TraceBody } from "./api.ts"

const MAX_BUFFER_MEGABYTES = 256

export class Recording {
  readonly #source: Attached
  #running: { trace: RunningTrace; finished: () => void } | undefined
  #isBusy = false

  constructor(source: Attached) {
    this.#source = source
  }

  get isRunning(): boolean {
    return this.#isBusy
  }

  /** The bytes of a trace file, until `stop`. Whoever stops reading ends the recording. One at a time: `undefined` while another one runs. */
  start({ bufferMegabytes, ops }: TraceBody): Stream.Stream<Uint8Array> | undefined {
    if (this.#isBusy) return undefined
    this.#isBusy = true
    const bufferBytes = Math.min(Math.max(bufferMegabytes, 1), MAX_BUFFER_MEGABYTES) * 2 ** 20
    return Stream.callback<Uint8Array>(
      (queue) => Effect.acquireRelease(this.#begin({ ops, bufferBytes }, queue), () => this.#end()),
      { bufferSize: 1, strategy: "suspend" },
    )
  }

  /** Resolves when the last bytes are on their way to whoever reads. */
  stop(): Effect.Effect<void> {
    return Effect.promise(async () => {
      const running = this.#running
      await running?.trace.stop()
      running?.finished()
    })
  }

  #begin(request: { ops: boolean; bufferBytes: number }, queue: Queue.Queue<Uint8Array, Cause.Done>) {
    const offer = async (bytes: Uint8Array): Promise<void> => {
      // The bytes may lie in a buffer that is filled again.
      await Effect.runPromise(Queue.offer(queue, bytes.slice()))
    }
    return Effect.promise(async () => {
      const trace = await this.#source.trace(request, offer)
      this.#running = { trace, finished: () => Queue.endUnsafe(queue) }
      void this.#source.ended.then(() => Queue.endUnsafe(queue))
    })
  }

  #end() {
    return Effect.promise(async () => {
      const running = this.#running
      this.#running = undefined
      // A process that has ended can't be asked to stop.
      await running?.trace.stop().catch(() => {})
      this.#isBusy = false
    })
  }
}
