/** Writes the page into the package: `dist/ui/`, and `dist/ui-assets.js`, by which the server finds it. Runs after rollup, which empties `dist`. */
import { mkdir, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { buildUi } from "./bundle.ts"

const devtools = fileURLToPath(new URL("../..", import.meta.url))
const folder = `${devtools}/dist/ui`

await mkdir(folder, { recursive: true })
for (const [name, contents] of await buildUi()) await writeFile(`${folder}/${name}`, contents)
await build({
  absWorkingDir: devtools,
  entryPoints: ["src/web/assets-shipped.ts"],
  outfile: "dist/ui-assets.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
})
