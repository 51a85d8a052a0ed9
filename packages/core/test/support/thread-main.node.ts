/** What a thread of `threads.node.ts` begins with. */
import { parentPort, workerData } from "node:worker_threads"
import { arrive, waitForAll } from "./gate.node.ts"

export interface Begin {
  readonly module: string
  readonly name: string
  readonly data: unknown
  readonly index: number
  readonly gate: Int32Array
}

export type Report = { readonly weftTest: "ended" } & ({ readonly result: unknown } | { readonly error: unknown })

const { data, gate, index, module, name } = workerData as Begin

try {
  const exports = (await import(module)) as Record<string, (data: unknown, index: number) => unknown>
  const work = exports[name]
  if (work === undefined) throw new Error(`${module} exports no ${name}`)
  arrive(gate, index)
  waitForAll(gate)
  report({ weftTest: "ended", result: await work(data, index) })
} catch (error) {
  report({ weftTest: "ended", error })
}

function report(message: Report): void {
  parentPort!.postMessage(message)
}
