/**
 * Tracing: a recorder that listens, and what takes its segments out: to the client as they fill, or all at once when a flight recorder is asked.
 *
 * The client may read slower than the program writes. Then segments stay in the ring, the oldest are overwritten, and their records are counted: nothing here grows.
 */
import type { AttachPoint } from "@weft/core"
import { FrameKind, type TracedGoroutine } from "../format/trace-file.ts"
import type { Connection } from "./connection.ts"
import { watchHost } from "./host-events.ts"
import { node } from "./node.ts"
import { Messages, MessagesOfAll } from "./messages.ts"
import { OpRecorder } from "./op-recorder.ts"
import { Recorder } from "./recorder.ts"
import type { Segment } from "./ring.ts"
import { snapshotNow, type SnapshotOf } from "./snapshot-now.ts"
import { type NumberedValues, ValueRing } from "./value-ring.ts"
import { ValueText } from "./value-text.ts"
import { walk } from "./walk.ts"
import { nameOfThing } from "./name-of-thing.ts"
import type { WantedValues } from "../format/value-options.ts"

export interface TracingOptions {
  readonly ops: boolean
  readonly bytes: number
  /** To the client at once; otherwise kept until a snapshot. */
  readonly isStreamed: boolean
  readonly values?: WantedValues | undefined
}

/** Where it sends: a process's socket, or a page's. */
export type Outlet = Pick<Connection, "isFull" | "send" | "sendJson" | "whenWritable">

const flushMillis = 100
const goroutinesPerFrame = 5000

export class Tracing {
  readonly #recorder: Recorder
  readonly #connection: Outlet
  readonly #points: ReadonlySet<AttachPoint>
  readonly #thread: number
  readonly #isStreamed: boolean
  readonly #values = new ValueRing()
  readonly #messages: Messages | undefined
  readonly #stops: Array<() => void> = []
  #records = 0

  constructor(
    connection: Outlet,
    thread: number,
    points: ReadonlySet<AttachPoint>,
    options: TracingOptions,
    onEvent: (event: "deadlock" | "panic" | "loop delay", detail: string) => void,
  ) {
    const { performance } = node.performance
    this.#connection = connection
    this.#thread = thread
    this.#isStreamed = options.isStreamed
    this.#points = points
    this.#recorder = new (options.ops ? OpRecorder : Recorder)(options.bytes, () => performance.now())
    this.#recorder.onEvent = onEvent
    const { ops, values } = options
    if (values !== undefined) {
      const { objects } = this.#recorder
      const text = new ValueText(values, (object) => nameOfThing(object, objects))
      this.#messages = new (ops ? MessagesOfAll : Messages)(this.#recorder, this.#values, text)
    }
    for (const point of points) this.listenTo(point)
    try {
      this.#stops.push(watchHost(this.#recorder, (millis) => onEvent("loop delay", `${Math.round(millis)} ms`)))
    } catch {
      // A host that does not tell of its collections.
    }
    if (!options.isStreamed) return
    const timer = node.timers.setInterval(() => this.#flush(), flushMillis)
    timer.unref()
    this.#stops.push(() => node.timers.clearInterval(timer))
  }

  listenTo(point: AttachPoint): void {
    // Before the recorder: a value's record stands before the one that it belongs to.
    if (this.#messages !== undefined) this.#stops.push(point.trace(this.#messages))
    this.#stops.push(point.trace(this.#recorder))
  }

  /** A leak check comes: the recorder must hold nothing of the program's. */
  forgetRecent(): void {
    this.#recorder.forgetRecent()
    this.#messages?.forget()
  }

  /** Sends who is there. */
  async sendGoroutines(): Promise<void> {
    let goroutines: Array<TracedGoroutine> = []
    const { objects } = this.#recorder
    await walk(
      this.#points,
      (goroutine) => {
        const { id, isMain, name, parentId, startedAt, status, waitReason } = goroutine
        if (status === "done") return
        const op = status === "waiting" ? goroutine.suspendedAt : null
        const on = op?.on
        goroutines.push({
          id,
          name,
          isMain,
          status,
          ...(waitReason === undefined ? {} : { reason: waitReason }),
          ...(op === null || on === undefined
            ? {}
            : {
                on: (Array.isArray(on) ? (on as ReadonlyArray<object>).slice(0, 16) : [on]).map((each) =>
                  objects.numberOf(each, op),
                ),
              }),
          ...(parentId === 0 ? {} : { parent: parentId }),
          ...(startedAt === undefined ? {} : { startedAt }),
        })
        if (goroutines.length < goroutinesPerFrame) return
        this.#connection.sendJson(FrameKind.Goroutines, { thread: this.#thread, goroutines })
        goroutines = []
      },
      () => this.#connection.whenWritable(),
    )
    this.#connection.sendJson(FrameKind.Goroutines, { thread: this.#thread, goroutines })
  }

  #flush(): void {
    const { isFull } = this.#connection
    if (isFull) return
    this.#recorder.seal()
    const { ring } = this.#recorder
    for (let segment = ring.take(); segment !== undefined; segment = this.#connection.isFull ? undefined : ring.take())
      this.#send(segment)
  }

  #send(segment: Segment): void {
    this.#sendTables()
    this.#records += segment.bytes.byteLength / 8
    const header = new DataView(new ArrayBuffer(8))
    header.setUint32(0, this.#thread, true)
    header.setUint32(4, Math.min(segment.droppedBefore, 0xffffffff), true)
    this.#connection.send(FrameKind.Records, new Uint8Array(header.buffer), segment.bytes)
  }

  #sendTables(): void {
    const recorder = this.#recorder
    const strings = recorder.strings.takeNew()
    if (strings !== undefined) this.#connection.sendJson(FrameKind.Strings, { thread: this.#thread, ...strings })
    if (recorder.newObjects.length > 0) {
      this.#connection.sendJson(FrameKind.Objects, { thread: this.#thread, objects: recorder.newObjects })
      recorder.newObjects = []
    }
    this.#sendValues(this.#isStreamed ? this.#values.take() : undefined)
  }

  #sendValues(values: NumberedValues | undefined): void {
    if (values !== undefined) this.#connection.sendJson(FrameKind.Values, { thread: this.#thread, ...values })
  }

  /** Sends what is in the ring, of the last `seconds`. The recorder goes on. */
  async snapshot(seconds: number): Promise<void> {
    const recorder = this.#recorder
    recorder.seal()
    recorder.strings.rewind()
    const objects = recorder.newObjects
    if (this.#messages !== undefined) this.#sendValues(this.#values.all())
    for (const segment of recorder.ring.copySince(node.performance.performance.now() - seconds * 1000)) {
      this.#send(segment)
      await this.#connection.whenWritable()
    }
    recorder.newObjects = [...objects, ...recorder.newObjects]
    await this.sendGoroutines()
  }

  /** The same at once, as a whole file. */
  snapshotNow(of: SnapshotOf, siteOf: (text: string) => string): Uint8Array {
    return snapshotNow(this.#recorder, this.#messages === undefined ? undefined : this.#values.all(), of, siteOf)
  }

  /** Ends it. Where it was streamed, the rest is sent first. */
  async stop(isStreamed: boolean): Promise<{ readonly records: number; readonly dropped: number }> {
    this.dispose()
    if (isStreamed) {
      this.#recorder.finish()
      for (let segment = this.#recorder.ring.take(); segment !== undefined; segment = this.#recorder.ring.take()) {
        this.#send(segment)
        await this.#connection.whenWritable()
      }
    }
    return { records: this.#records, dropped: this.#recorder.ring.droppedInAll }
  }

  dispose(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }
}
