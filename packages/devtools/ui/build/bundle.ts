/** The page's files, bundled: what the browser asks for, by name. */
import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const ui = fileURLToPath(new URL("..", import.meta.url))

export async function buildUi(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: ui,
    entryPoints: { main: "main.tsx", worker: "trace/worker.ts", style: "style/style.css" },
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    jsx: "automatic",
    jsxImportSource: "preact",
    conditions: ["@weft/source"],
    legalComments: "eof",
    logLevel: "silent",
  })
  const files = new Map(outputFiles.map(({ contents, path }) => [basename(path), contents]))
  for (const name of ["index.html", "icon.svg"]) files.set(name, await readFile(`${ui}/${name}`))
  return files
}
