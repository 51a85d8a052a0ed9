/** comlink's adapter for Node's threads has types, but not where its file is looked for. */
declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { Endpoint } from "comlink"
  import type { MessagePort, Worker } from "node:worker_threads"
  export default function nodeEndpoint(of: MessagePort | Worker): Endpoint
}
