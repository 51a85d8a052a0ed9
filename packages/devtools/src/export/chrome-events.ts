import type { Annotated, Category, TrackEvents } from "./track-events.ts"

/**
 * Events in Chrome's JSON trace format ("Trace Event Format").
 *
 * It knows no tracks but threads: each track is shown as a thread of the process, under its own name.
 */
export class ChromeEvents implements TrackEvents {
  #text = ""
  #isFirst = true
  #pid = 1
  /** Numbers of threads, and names of counters, by track. */
  readonly #tids = new Map<number, number>()
  readonly #counters = new Map<number, string>()

  begin(zeroMillis: number): void {
    const began = new Date(zeroMillis).toISOString()
    this.#text += `{"displayTimeUnit":"ns","otherData":${JSON.stringify({ began })},"traceEvents":[`
  }

  process(track: number, pid: number, name: string): void {
    this.#pid = pid
    this.#tids.set(track, pid)
    this.#event({ ph: "M", pid, tid: pid, name: "process_name", args: { name } })
  }

  thread(track: number, _parent: number, pid: number, tid: number, name: string): void {
    this.#tids.set(track, tid)
    this.#event({ ph: "M", pid, tid, name: "thread_name", args: { name } })
    this.#event({ ph: "M", pid, tid, name: "thread_sort_index", args: { sort_index: track } })
  }

  track(track: number, parent: number, name: string): void {
    this.thread(track, parent, this.#pid, FIRST_OWN_TID + track, name)
  }

  counter(track: number, _parent: number, name: string): void {
    this.#counters.set(track, name)
  }

  slice(track: number, from: number, to: number, category: Category, name: string, says: Annotated, flow = 0): void {
    const tid = this.#tids.get(track)!
    this.#event({ ph: "X", ...this.#at(tid, from), dur: micros(to - from), cat: category, name, args: says })
    if (flow !== 0) this.#event({ ph: "f", bp: "e", id: flow, ...this.#at(tid, from), cat: "wake", name: "wake" })
  }

  instant(track: number, at: number, category: Category, name: string, says: Annotated, flow = 0): void {
    const tid = this.#tids.get(track)!
    this.#event({ ph: "i", s: "t", ...this.#at(tid, at), cat: category, name, args: says })
    if (flow !== 0) this.#event({ ph: "s", id: flow, ...this.#at(tid, at), cat: "wake", name: "wake" })
  }

  count(track: number, at: number, value: number): void {
    this.#event({
      ph: "C",
      id: track,
      pid: this.#pid,
      ts: micros(at),
      name: this.#counters.get(track)!,
      args: { value },
    })
  }

  *chunk(): Generator<Uint8Array<ArrayBuffer>> {
    if (this.#text.length >= CHUNK_CHARACTERS) yield this.#take()
  }

  *rest(): Generator<Uint8Array<ArrayBuffer>> {
    this.#text += "]}\n"
    yield this.#take()
  }

  #at(tid: number, time: number): { pid: number; tid: number; ts: number } {
    return { pid: this.#pid, tid, ts: micros(time) }
  }

  #event(event: object): void {
    this.#text += (this.#isFirst ? "\n" : ",\n") + JSON.stringify(event)
    this.#isFirst = false
  }

  #take(): Uint8Array<ArrayBuffer> {
    const bytes = utf8.encode(this.#text)
    this.#text = ""
    return bytes
  }
}

/** The format's unit; fractions are nanoseconds. */
function micros(nanos: number): number {
  return nanos / 1000
}

const utf8 = new TextEncoder()
const CHUNK_CHARACTERS = 1 << 18
/** Linux has no thread of such a number. */
const FIRST_OWN_TID = 1 << 23
