import protobuf from "protobufjs"
import { describe, expect, it } from "vitest"
import { lockTrace, WrittenTrace } from "../../test/export/written-trace.ts"
import { foldedStacks } from "./folded.ts"
import { pprofProfile } from "./pprof.ts"
import { speedscopeFile } from "./speedscope.ts"

describe("foldedStacks", () => {
  it("has a line for each way in which goroutines of a start spent time", () => {
    expect(foldedStacks(lockTrace().timeline()).split("\n")).toEqual([
      "locker (b.ts:2:2);waiting;sync.Mutex.Lock 950",
      "holder (a.ts:1:1);running 570",
      "locker (b.ts:2:2);runnable 470",
      "holder (a.ts:1:1);runnable 200",
      "locker (b.ts:2:2);running 130",
      "holder (a.ts:1:1);waiting;sleep 130",
      "",
    ])
  })

  it("keeps a name with semicolons and lines in it to one frame", () => {
    const trace = new WrittenTrace().at(0).create(1, "a;b\nc", "").start(1).at(5).yield()
    expect(foldedStacks(trace.timeline())).toBe("a,b c;running 5\n")
  })
})

describe("speedscopeFile", () => {
  it("has a profile for each state, whose weights are the time spent", () => {
    const { profiles, shared } = speedscopeFile(lockTrace().timeline())
    const told = profiles.map(({ name, samples, weights, endValue }) => ({
      name,
      endValue,
      stacks: samples.map(
        (stack, i) => `${stack.map((frame) => shared.frames[frame]!.name).join(" > ")} ${weights[i]!}`,
      ),
    }))
    expect(told).toEqual([
      {
        ...{ name: "waiting", endValue: 1080 },
        stacks: ["locker (b.ts:2:2) > sync.Mutex.Lock 950", "holder (a.ts:1:1) > sleep 130"],
      },
      { name: "running", endValue: 700, stacks: ["holder (a.ts:1:1) 570", "locker (b.ts:2:2) 130"] },
      { name: "runnable", endValue: 670, stacks: ["locker (b.ts:2:2) 470", "holder (a.ts:1:1) 200"] },
    ])
    expect(shared.frames[0]).toEqual({ name: "locker (b.ts:2:2)", file: "b.ts", line: 2, col: 2 })
  })
})

describe("pprofProfile", () => {
  it("has a sample for each way, with what was waited for on top of where the goroutine was started", async () => {
    const { strings, samples, functions } = await readPprof(await pprofProfile(lockTrace().timeline()))
    expect(strings[0]).toBe("")
    expect(samples).toContainEqual({ stack: ["sync.Mutex.Lock", "locker"], value: [2, 0, 0, 950] })
    expect(samples).toContainEqual({ stack: ["holder"], value: [3, 570, 0, 0] })
    expect(samples).toContainEqual({ stack: ["locker"], value: [3, 0, 470, 0] })
    expect(functions.get("holder")).toEqual({ filename: "a.ts", startLine: 1 })
  })
})

interface Pprof {
  readonly strings: ReadonlyArray<string>
  readonly samples: ReadonlyArray<{ stack: ReadonlyArray<string>; value: ReadonlyArray<number> }>
  readonly functions: ReadonlyMap<string, { filename: string; startLine: number }>
}

/** By the field numbers of pprof's own profile.proto. */
async function readPprof(zipped: Uint8Array<ArrayBuffer>): Promise<Pprof> {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Profile { repeated Sample sample = 2; repeated Location location = 4; repeated Function function = 5; repeated string strings = 6; }
    message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; }
    message Location { uint64 id = 1; repeated Line line = 4; }
    message Line { uint64 function_id = 1; int64 line = 2; }
    message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; int64 filename = 4; int64 start_line = 5; }`)
  const unzipped = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"))
  const type = root.lookupType("Profile")
  const message = type.decode(new Uint8Array(await new Response(unzipped).arrayBuffer()))
  const profile = type.toObject(message, { longs: Number, arrays: true, defaults: true }) as {
    strings: Array<string>
    sample: Array<{ locationId: Array<number>; value: Array<number> }>
    location: Array<{ id: number; line: Array<{ functionId: number }> }>
    function: Array<{ id: number; name: number; filename: number; startLine: number }>
  }
  const { strings } = profile
  const nameOf = (location: number) => {
    const line = profile.location.find(({ id }) => id === location)!.line[0]!
    return strings[profile.function.find(({ id }) => id === line.functionId)!.name]!
  }
  return {
    strings,
    samples: profile.sample.map(({ locationId, value }) => ({ stack: locationId.map(nameOf), value })),
    functions: new Map(
      profile.function.map(({ name, filename, startLine }) => [
        strings[name]!,
        { filename: strings[filename]!, startLine },
      ]),
    ),
  }
}
