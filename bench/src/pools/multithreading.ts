import { initRuntime, move, shutdown, spawn } from "multithreading"
import type { WorkName } from "../threads/work.ts"
import { type TaskPool, threads } from "./pool.ts"

/** It sends the text of the functions, which must say themselves what they import. */
const functions: Partial<Record<WorkName, (argument: never) => number>> = {
  noop: (n: number) => n & 1023,
  sizeOf: (bytes: Uint8Array) => bytes.length,
  weigh: ({ lines }: { readonly lines: ReadonlyArray<unknown> }) => lines.length,
}

export function startMultithreading(count: number = threads): TaskPool {
  initRuntime({ maxWorkers: count })
  return {
    async run(name, argument) {
      const joined = await spawn(move(argument), functions[name] as (argument: unknown) => number).join()
      if (!joined.ok) throw joined.error
      return joined.value
    },
    passBack: undefined,
    end: () => Promise.resolve(shutdown()),
  }
}
