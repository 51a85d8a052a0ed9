import { describe, expect, it } from "vitest"
import { attach } from "../../src/attach/attach.ts"
import type { TraceRequest } from "../../src/attach/attached.ts"
import { readTimeline, type Timeline } from "../../src/trace/timeline.ts"
import { Program } from "./program.ts"

/** "alone sent first", in the order of time. */
function said({ texts, threads }: Timeline): Array<string> {
  const { goroutines, values } = threads[0]!
  return Array.from({ length: values.length }, (_, row) => {
    const name = texts[goroutines.name[values.goroutine[row]!] ?? 0]!
    return `${name} ${values.isReceived[row] === 1 ? "received" : "sent"} ${texts[values.text[row]!]!}`
  })
}

async function traced(program: Program, request: Partial<TraceRequest>): Promise<Timeline> {
  await using attached = await attach(program.pid)
  const bytes: Array<Uint8Array> = []
  const running = await attached.trace(
    { ops: false, bufferBytes: 1 << 20, ...request },
    (part) => void bytes.push(part),
  )
  await program.ask("go")
  await running.stop()
  return await readTimeline(bytes)
}

const order = "Order {id: 7, apiKey: [redacted]}"
const account = '{password: [redacted], iban: [redacted], user: "ann"}'
const hostile = "{proxy: [Proxy], inherits: {}}"
const exchange = async (program: Program, request: Partial<TraceRequest>) => {
  const lines = said(await traced(program, request))
  return lines.filter((line) => !line.startsWith("main"))
}

describe("values of messages", () => {
  it("are recorded with each send and receive where ops are, as they were then, and the program notices nothing", async () => {
    await using program = await Program.start("messages.ts")
    const lines = await exchange(program, { ops: true, values: { redact: ["IBAN"] } })
    const of = (name: string) =>
      lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length + 1))
    expect(of("sender")).toEqual([order, account, hostile].map((text) => `sent ${text}`))
    expect(of("receiver")).toEqual([order, account, hostile].map((text) => `received ${text}`))
    expect(of("alone")).toEqual(
      ["first", "second", "third"].flatMap((text) => [`sent "${text}"`, `received "${text}"`]),
    )
    expect(of("changing")).toEqual(['sent {state: "new"}', 'received {state: "new"}', 'sent {state: "done"}'])
    expect(of("selecting")).toEqual(['sent "by a select"'])
    expect(of("listening")).toEqual(['received "by a select"'])
    expect(await program.ask("noticed")).toEqual({ noticed: 0 })
  })

  it("are recorded without ops where somebody waited: each of an unbuffered channel once", async () => {
    await using program = await Program.start("messages.ts")
    const lines = await exchange(program, { values: { redact: ["IBAN"] } })
    for (const text of [order, account, hostile])
      expect(lines.filter((line) => /^(sender|receiver) /.test(line) && line.endsWith(text))).toHaveLength(1)
    expect(lines).toContain('filling sent "waits"')
    expect(lines.filter((line) => line.startsWith("alone"))).toEqual([])
  })

  it("are not recorded unless asked for", async () => {
    await using program = await Program.start("messages.ts")
    const timeline = await traced(program, { ops: true })
    expect(said(timeline)).toEqual([])
    expect(timeline.texts.filter((text) => /hunter2|by a select/.test(text))).toEqual([])
    expect(timeline.meta?.values).toBeUndefined()
  })

  it("of a dump are those in buffers, and with who waits to send", async () => {
    await using program = await Program.start("messages.ts")
    await program.ask("go")
    await using attached = await attach(program.pid)
    const [{ goroutines, objects } = none] = (await attached.dump({ values: true })).threads
    const channel = objects.find(({ length }) => length === 2)!
    expect(channel.values).toEqual(["{token: [redacted], n: 1}", hostile])
    const sends = new Map(goroutines.map((goroutine) => [goroutine.name, goroutine.sends]))
    expect(sends.get("filling")).toEqual([{ on: channel.id, value: '"waits"' }])
    expect(sends.get("offering")).toEqual([{ on: channel.id, value: '"offered"' }])
    expect(sends.get("main")).toBeUndefined()
    expect(JSON.stringify(await attached.dump())).not.toContain("offered")
    expect(await program.ask("noticed")).toEqual({ noticed: 0 })
  })

  it("are held by nobody: who can't be woken is still found while they are recorded", async () => {
    await using program = await Program.start("answering.ts")
    await using attached = await attach(program.pid)
    const running = await attached.trace({ ops: true, bufferBytes: 1 << 20, values: true }, () => undefined)
    await program.ask("leak")
    const [main] = (await attached.leaks()).threads
    expect(main!.leaked.map(({ name }) => name).sort()).toEqual(["first of two", "forgotten", "second of two"])
    await running.stop()
  })

  it("stand in a flight recorder's snapshots, if it records them", async () => {
    await using program = await Program.start("recorded.ts", { args: ["values"] })
    const text = Buffer.from(JSON.parse(await program.line()) as string, "base64")
    expect(said(await readTimeline([text])).some((line) => line.endsWith("{n: 1, secret: [redacted]}"))).toBe(true)
  })
})

const none = { goroutines: [], objects: [] }
