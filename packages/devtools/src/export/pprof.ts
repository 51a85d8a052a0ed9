/**
 * Where time went, as pprof reads it: `go tool pprof -http=: file`, and most continuous profilers.
 *
 * The stack of a sample is where its goroutine was started, and on top of that what it waited for. Four values: how often, and nanoseconds running, runnable and
 * waiting: `-sample_index=running` chooses. Waiting is shown first.
 */
import { parseSite } from "../source-maps/site.ts"
import { type Spent, spentByStart } from "../trace/spent.ts"
import type { Start } from "../trace/starts.ts"
import type { Timeline } from "../trace/timeline.ts"
import { ProtoWriter } from "./proto-writer.ts"

/** The bytes of a file `*.pb.gz`. */
export async function pprofProfile(timeline: Timeline): Promise<Uint8Array<ArrayBuffer>> {
  const profile = new PprofProfile()
  for (const spent of spentByStart(timeline)) profile.add(spent)
  return gzip(profile.finish((timeline.zero + timeline.begin / 1e6) * 1e6, timeline.end - timeline.begin))
}

/** Numbers of fields, from github.com/google/pprof/proto/profile.proto. */
const Profile = {
  ...{ sampleType: 1, sample: 2, location: 4, function: 5, strings: 6, time: 9, duration: 10 },
  ...{ periodType: 11, period: 12, defaultSampleType: 14 },
}
const ValueType = { type: 1, unit: 2 }
const Sample = { locations: 1, values: 2, labels: 3 }
const Label = { key: 1, text: 2 }
const Location = { id: 1, lines: 4 }
const Line = { function: 1, line: 2, column: 3 }
const Func = { id: 1, name: 2, systemName: 3, file: 4, startLine: 5 }

class PprofProfile {
  readonly #writer = new ProtoWriter()
  readonly #strings = new Map([["", 0]])
  /** Each place is a function and a location of the same number. */
  readonly #places = new Map<string, number>()

  constructor() {
    for (const [type, unit] of sampleTypes) this.#valueType(Profile.sampleType, type, unit)
    this.#valueType(Profile.periodType, "waiting", "nanoseconds")
    this.#writer.uint(Profile.period, 1).uint(Profile.defaultSampleType, this.#string("waiting"))
  }

  add({ state, reason, count, nanos, ...start }: Spent): void {
    const place = this.#place(start.name === "" ? "goroutine" : start.name, start)
    // The innermost is first.
    const stack = state === "waiting" ? [this.#place(reason === "" ? "waiting" : reason), place] : [place]
    const values = [count, ...sampleTypes.slice(1).map(([type]) => (type === state ? Math.round(nanos) : 0))]
    this.#writer.begin(Profile.sample).packed(Sample.locations, stack).packed(Sample.values, values)
    this.#writer.begin(Sample.labels).uint(Label.key, this.#string("state")).uint(Label.text, this.#string(state))
    this.#writer.end().end()
  }

  /** `began` is since the Unix epoch; both in nanoseconds. */
  finish(began: number, duration: number): Uint8Array<ArrayBuffer> {
    this.#writer.uint(Profile.time, Math.max(0, Math.round(began))).uint(Profile.duration, Math.round(duration))
    for (const text of this.#strings.keys()) this.#writer.string(Profile.strings, text)
    return this.#writer.take()
  }

  #place(name: string, start: Start = { name, site: "" }): number {
    const key = `${name}\n${start.site}`
    let id = this.#places.get(key)
    if (id !== undefined) return id
    id = this.#places.size + 1
    this.#places.set(key, id)
    const site = parseSite(start.site)
    const text = this.#string(name)
    const file = this.#string(site?.file ?? start.site)
    this.#writer.begin(Profile.function).uint(Func.id, id).uint(Func.name, text).uint(Func.systemName, text)
    this.#writer
      .uint(Func.file, file)
      .uint(Func.startLine, site?.line ?? 0)
      .end()
    this.#writer.begin(Profile.location).uint(Location.id, id).begin(Location.lines).uint(Line.function, id)
    this.#writer
      .uint(Line.line, site?.line ?? 0)
      .uint(Line.column, site?.column ?? 0)
      .end()
      .end()
    return id
  }

  #valueType(field: number, type: string, unit: string): void {
    const [typeString, unitString] = [this.#string(type), this.#string(unit)]
    this.#writer.begin(field).uint(ValueType.type, typeString).uint(ValueType.unit, unitString).end()
  }

  #string(text: string): number {
    const number = this.#strings.get(text) ?? this.#strings.size
    this.#strings.set(text, number)
    return number
  }
}

const sampleTypes = [
  ["times", "count"],
  ["running", "nanoseconds"],
  ["runnable", "nanoseconds"],
  ["waiting", "nanoseconds"],
] as const

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}
