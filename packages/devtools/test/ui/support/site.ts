/** A site for pages that are looked at: bundled, minified, with source maps beside. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

export interface Site extends AsyncDisposable {
  readonly origin: string
}

let built: Promise<ReadonlyMap<string, Uint8Array>> | undefined

export async function openSite(headers: Readonly<Record<string, string>> = {}): Promise<Site> {
  const files = await (built ??= bundle())
  const server = createServer(({ url = "/" }, response) => {
    const body = url === "/" ? page : url === "/empty" ? "<!doctype html><title>Nothing</title>" : files.get(url)
    const type = url.endsWith(".js") ? "text/javascript" : url.endsWith(".map") ? "application/json" : "text/html"
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, ...headers })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const page = `<!doctype html><title>Warehouse</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`

async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = fileURLToPath(new URL("./site/", import.meta.url))
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["page.ts", "worker.ts"],
    outdir: "out",
    bundle: true,
    minify: true,
    sourcemap: true,
    write: false,
    format: "esm",
    target: "es2023",
    conditions: ["@weft/source"],
  })
  return new Map(outputFiles.map(({ contents, path }) => [path.slice(path.lastIndexOf("/")), contents]))
}
