/** Processes that are made up: what they are asked is noted. */
import type { Attached, WeftProcess } from "../../src/attach/attached.ts"
import { encodeFrame, encodeMagic } from "../../src/trace/writer.ts"
import { FrameKind } from "../../src/format/trace-file.ts"
import { aDump } from "./dumps.ts"
import { someStats, someThreadStats } from "./stats.ts"

export function aProcess(pid: number, command: string, more: Partial<WeftProcess> = {}): WeftProcess {
  return { pid, title: "node", command, uptimeSeconds: 61, by: "inspector", ...more }
}

export interface MadeUp extends Attached {
  readonly asked: Array<string>
  end(why: string): void
}

/** Answers at once; `detach` is noted like a question. */
export function madeUp(pid: number, more: Partial<Attached> = {}): MadeUp {
  const asked: Array<string> = []
  let end: (why: string) => void = () => undefined
  const ended = new Promise<string>((resolve) => (end = resolve))
  const note = <A>(what: string, answer: A): Promise<A> => {
    asked.push(what)
    return Promise.resolve(answer)
  }
  const thread = { thread: 0, name: "main", checked: 3, leaked: [], suspects: [], suspectSeconds: 60 }
  return {
    pid,
    title: "node",
    argv: ["/usr/bin/node", "/srv/shop/server.ts"],
    runtime: "node 24.21.0",
    inspectorOpenMillis: 21,
    ended,
    asked,
    end: (why) => end(why),
    dump: () => note("dump", aDump([], [], { pid })),
    stats: () => note("stats", someStats([someThreadStats({ live: 7 })], { pid })),
    leaks: () => note("leaks", { pid, threads: [thread] }),
    trace: async (_, onBytes) => {
      await note("trace", undefined)
      await onBytes(encodeMagic())
      await onBytes(encodeFrame({ kind: FrameKind.Thread, thread: 0, name: "main", zero: 0 }))
      await onBytes(encodeFrame({ kind: FrameKind.Records, thread: 0, dropped: 5, words: new Int32Array(4) }))
      const end = encodeFrame({ kind: FrameKind.End, reason: "asked", records: 2, dropped: 5 })
      return { stop: () => Promise.resolve(onBytes(end)).then(() => note("stop", undefined)) }
    },
    detach: () => note("detach", undefined),
    [Symbol.asyncDispose]: () => note("detach", undefined),
    ...more,
  }
}
