import { initRuntime, move, shutdown, spawn } from "multithreading"
import type { WorkName } from "../threads/work.ts"
import { type TaskPool, threads } from "./pool.ts"

/** It sends the text of the functions: those of one line as they are, the others import themselves. */
const functions: Record<WorkName, (argument: never) => unknown> = {
  noop: (n: number) => n & 1023,
  sizeOf: (bytes: Uint8Array) => bytes.length,
  weigh: ({ lines }: { readonly lines: ReadonlyArray<unknown> }) => lines.length,
  mandelbrotLong: imported("mandelbrotLong"),
  mandelbrotShort: imported("mandelbrotShort"),
  mandelbrotSkewed: imported("mandelbrotSkewed"),
  mandelbrotColumns: imported("mandelbrotColumns"),
  hashLong: imported("hashLong"),
  hashShort: imported("hashShort"),
  parseLong: imported("parseLong"),
  parseShort: imported("parseShort"),
}

const same = (bytes: Uint8Array): Uint8Array => bytes

export function startMultithreading(count: number = threads): TaskPool {
  initRuntime({ maxWorkers: count })
  return {
    run: (name, argument) => joined<number>(argument, functions[name]),
    // Bytes are given away each way, whoever sends them.
    passBack: (bytes) => joined<Uint8Array>(bytes, same),
    end: () => Promise.resolve(shutdown()),
  }
}

async function joined<R>(argument: unknown, f: (argument: never) => unknown): Promise<R> {
  const result = await spawn(move(argument), f as (argument: unknown) => unknown).join()
  if (!result.ok) throw result.error
  return result.value as R
}

function imported(name: WorkName): (argument: never) => unknown {
  const file = JSON.stringify(new URL("../threads/work.ts", import.meta.url).href)
  // As a text, as it is sent as one: vitest puts a function of its own in the place of an import.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function("argument", `return import(${file}).then((work) => work.${name}(argument))`) as () => unknown
}
