/** The page of the demo, bundled by vite into memory: what a browser asks for, by its path. */
import { fileURLToPath } from "node:url"

export interface BuiltFile {
  readonly type: string
  readonly body: string | Uint8Array
}

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
}

export async function buildPage(): Promise<ReadonlyMap<string, BuiltFile>> {
  // Here, as nobody else needs it: it takes longer to load than all the rest.
  const { build, defaultClientConditions } = await import("vite")
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../../page/", import.meta.url)),
    logLevel: "warn",
    resolve: { conditions: ["@weft/source", ...defaultClientConditions] },
    build: { write: false, target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
  })
  const files = new Map<string, BuiltFile>()
  for (const { output } of [built].flat() as ReadonlyArray<Output>) {
    for (const file of output) {
      const type = TYPES[file.fileName.split(".").at(-1) ?? ""] ?? "application/octet-stream"
      files.set(file.fileName === "index.html" ? "/" : `/${file.fileName}`, {
        type,
        body: file.type === "chunk" ? file.code : file.source,
      })
    }
  }
  return files
}

/** As much of what vite gives as is needed. */
interface Output {
  readonly output: ReadonlyArray<
    | { readonly type: "chunk"; readonly fileName: string; readonly code: string }
    | { readonly type: "asset"; readonly fileName: string; readonly source: string | Uint8Array }
  >
}
