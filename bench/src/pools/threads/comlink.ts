import { parentPort } from "node:worker_threads"
import { expose, transfer } from "comlink"
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs"
import { work } from "../../threads/work.ts"

const functions = {
  ...work,
  passBack: (bytes: Uint8Array): Uint8Array => transfer(bytes, [bytes.buffer]),
}
export type Functions = typeof functions

expose(functions, nodeEndpoint(parentPort!))
