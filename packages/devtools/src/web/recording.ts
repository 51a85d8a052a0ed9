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

interface Running {
  readonly queue: Queue.Queue<Uint8Array, Cause.Done>
  readonly trace: Promise<RunningTrace>
}

export class Recording {
  readonly #source: Attached
  #running: Running | undefined

  constructor(source: Attached) {
    this.#source = source
    // It ends itself with its process; what it has given until then is still to be read.
    void source.ended.then(() => {
      if (this.#running !== undefined) Queue.endUnsafe(this.#running.queue)
    })
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /**
   * The bytes of a trace file, until `stop`. Whoever stops reading ends the recording. One at a time: `undefined` while another one runs.
   *
   * Rejects with the process's own words if it refuses: once bytes are on their way there is no saying so any more.
   */
  async start({ bufferMegabytes, ops }: TraceBody): Promise<Stream.Stream<Uint8Array> | undefined> {
    if (this.#running !== undefined) return undefined
    const queue = Effect.runSync(Queue.bounded<Uint8Array, Cause.Done>(1))
    const bufferBytes = Math.min(Math.max(bufferMegabytes, 1), MAX_BUFFER_MEGABYTES) * 2 ** 20
    const begun = new Promise<void>((resolve, reject) => {
      const offer = async (bytes: Uint8Array): Promise<void> => {
        resolve()
        // The bytes may lie in a buffer that is filled again.
        await Effect.runPromise(Queue.offer(queue, bytes.slice()))
      }
      const trace = this.#source.trace({ ops, bufferBytes }, offer)
      this.#running = { queue, trace }
      // It may be waiting for its first bytes to be taken.
      trace.then(() => resolve(), reject)
    })
    try {
      await begun
    } catch (error) {
      this.#running = undefined
      throw error
    }
    return Stream.ensuring(
      Stream.fromQueue(queue),
      Effect.promise(() => this.#end(queue)),
    )
  }

  /** Resolves when the last bytes are on their way to whoever reads. */
  async stop(): Promise<void> {
    if (this.#running === undefined) return
    const { queue, trace } = this.#running
    await (await trace).stop()
    Queue.endUnsafe(queue)
  }

  /** Nobody reads any more. */
  async #end(queue: Running["queue"]): Promise<void> {
    const running = this.#running
    if (running?.queue !== queue) return
    // Before stopping: it waits for bytes to be taken that nobody will take.
    await Effect.runPromise(Queue.shutdown(queue))
    // A process that has ended can't be asked to stop.
    await running.trace.then((trace) => trace.stop()).catch(() => {})
    this.#running = undefined
  }
}
