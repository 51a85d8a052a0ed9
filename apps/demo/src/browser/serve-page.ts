/** Serves the page on loopback. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { BuiltFile } from "./build-page.ts"

export interface PageServer extends AsyncDisposable {
  readonly site: string
}

export interface PageOptions {
  readonly port: number
  /** With the headers by which a browser gives a page shared memory. */
  readonly isolated: boolean
}

const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
}

export async function servePage(
  files: ReadonlyMap<string, BuiltFile>,
  { isolated, port }: PageOptions,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "/", "http://loopback").pathname)
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": file?.type ?? "text/plain",
      ...(isolated ? ISOLATION : {}),
    })
    response.end(file?.body ?? "not found")
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  return {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
