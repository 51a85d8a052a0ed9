/**
 * TraceStream: the frames of all threads of a target, in the form of one trace file.
 *
 * Whoever takes the bytes may take his time: the sockets are not read meanwhile, the agents keep what they record in their rings, and say what they had to drop.
 */
import {
  FrameKind,
  type GoroutinesFrame,
  magic,
  type StringsFrame,
  type TraceEnd,
  type TraceMeta,
} from "../format/trace-file.ts"
import type { Hello } from "../format/wire.ts"
import { type WantedValues, wantedValues } from "../format/value-options.ts"
import type { SourceMaps } from "../source-maps/source-maps.ts"
import type { RecordedEvent, TraceRequest } from "./attached.ts"
import { siteOf } from "./own-frames.ts"
import type { Frame, ThreadLink } from "./thread-link.ts"

const headerBytes = 5

export class TraceStream {
  onEvent: (event: RecordedEvent, detail: string) => void = () => undefined
  /** Threads that have not connected: the end says how many, and which. */
  silence: Pick<TraceEnd, "silentThreads" | "silent"> = {}
  readonly #request: TraceRequest
  readonly #isStreamed: boolean
  readonly #maps: SourceMaps
  readonly #onBytes: (bytes: Uint8Array) => void | Promise<void>
  readonly #links = new Set<ThreadLink>()
  readonly #meta: TraceMeta
  readonly #values: WantedValues | undefined
  #records = 0
  #dropped = 0
  #busy = 0
  #idle: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(
    main: Hello,
    request: TraceRequest,
    isStreamed: boolean,
    maps: SourceMaps,
    onBytes: (bytes: Uint8Array) => void | Promise<void>,
  ) {
    this.#request = request
    this.#isStreamed = isStreamed
    this.#maps = maps
    this.#onBytes = onBytes
    const { argv, cores, host, pid, runtime, title } = main
    this.#meta = { pid, title, argv, host, runtime, cores, startedAt: Date.now(), ops: request.ops }
    this.#values = wantedValues(request.values)
    if (this.#values !== undefined) this.#meta = { ...this.#meta, values: true }
    if (isStreamed) this.#begin()
  }

  #begin(): void {
    this.#give(Buffer.from(magic))
    this.#give(frameOf(FrameKind.Meta, this.#meta))
  }

  /** Has a thread record too. */
  async add(link: ThreadLink): Promise<void> {
    this.#links.add(link)
    void link.ended.then(() => this.#links.delete(link))
    link.onTraceFrame = (frame) => this.#take(frame)
    link.onEvent = (event, detail) => this.onEvent(event, detail)
    const { bufferBytes, ops } = this.#request
    // A thread that ends at once has nothing to tell.
    const values = this.#values
    const command = {
      ops,
      bytes: bufferBytes,
      isStreamed: this.#isStreamed,
      ...(values === undefined ? {} : { values }),
    }
    await link.ask({ do: "trace", ...command }).catch(() => undefined)
  }

  async stop(): Promise<void> {
    const ends = await Promise.all([...this.#links].map((link) => link.ask({ do: "stop" }).catch(() => undefined)))
    for (const end of ends as Array<{ records: number; dropped: number } | undefined>) {
      this.#records += end?.records ?? 0
      this.#dropped += end?.dropped ?? 0
    }
    await this.end("asked")
  }

  /** The process is gone, or has stopped: what has come is all. */
  async end(reason: string): Promise<void> {
    const end = { reason, records: this.#records, dropped: this.#dropped }
    this.#give(frameOf(FrameKind.End, this.silence.silentThreads === 0 ? end : { ...end, ...this.silence }))
    await this.#allTaken()
  }

  /** Gives a whole trace file of what is in the threads' rings. */
  async snapshot(seconds: number): Promise<void> {
    this.#begin()
    for (const { hello } of this.#links) {
      const { name, thread, zero } = hello
      this.#give(frameOf(FrameKind.Thread, { thread, name, zero }))
    }
    await Promise.all([...this.#links].map((link) => link.ask({ do: "snapshot", seconds }).catch(() => undefined)))
    this.#give(frameOf(FrameKind.End, { reason: "snapshot", records: 0, dropped: 0 }))
    await this.#allTaken()
  }

  #take(frame: Frame): void {
    if (frame.kind === FrameKind.Thread && !this.#isStreamed) return
    this.#give(() => this.#mapped(frame))
  }

  /** Start sites come as stacks; when somebody reads the file, the sources may be others. */
  async #mapped({ bytes, kind, payload }: Frame): Promise<Uint8Array> {
    if (kind === FrameKind.Strings) {
      const frame = JSON.parse(payload.toString()) as StringsFrame
      await this.#maps.prepare(frame.strings)
      return frameOf(kind, { ...frame, strings: frame.strings.map((string) => siteOf(string, this.#maps)) })
    }
    if (kind === FrameKind.Goroutines) {
      const frame = JSON.parse(payload.toString()) as GoroutinesFrame
      await this.#maps.prepare(frame.goroutines.map(({ startedAt = "" }) => startedAt))
      const goroutines = frame.goroutines.map((goroutine) =>
        goroutine.startedAt === undefined
          ? goroutine
          : { ...goroutine, startedAt: siteOf(goroutine.startedAt, this.#maps) },
      )
      return frameOf(kind, { ...frame, goroutines })
    }
    return bytes
  }

  #give(bytes: Uint8Array | (() => Promise<Uint8Array>)): void {
    const taken = this.#idle.then(async () => {
      if (this.#failure === undefined) await this.#onBytes(typeof bytes === "function" ? await bytes() : bytes)
    })
    this.#idle = taken.catch((error: unknown) => {
      // Whoever takes the bytes can't: nothing more is given to him, and `stop` says why.
      this.#failure ??= { error }
    })
    if (this.#busy++ === 0) for (const link of this.#links) link.pause()
    void this.#idle.then(() => {
      if (--this.#busy === 0) for (const link of this.#links) link.resume()
    })
  }

  /** Once all bytes are taken. */
  async #allTaken(): Promise<void> {
    await this.#idle
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

function frameOf(kind: number, value: unknown): Uint8Array {
  const payload = Buffer.from(JSON.stringify(value))
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(payload.length, 0)
  header[4] = kind
  return Buffer.concat([header, payload])
}
