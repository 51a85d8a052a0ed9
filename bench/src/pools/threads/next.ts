import { parentPort } from "node:worker_threads"
import { expose } from "comlink"
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs"

expose({ next: (i: number): number => i & 1023 }, nodeEndpoint(parentPort!))
