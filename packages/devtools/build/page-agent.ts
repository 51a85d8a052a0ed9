/**
 * Bundles the agent of a page into the text of one module. What stands in `src/agent/page/` by the name of a module of `src/agent/` takes its place there.
 */
import { existsSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const agent = fileURLToPath(new URL("../src/agent", import.meta.url))

export async function bundlePageAgent(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(agent, "page/page-agent.ts")],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    plugins: [
      {
        name: "of-the-page",
        setup: (bundle) => {
          bundle.onResolve({ filter: /^\.\.?\/[\w-]+\.ts$/ }, ({ importer, path }) => {
            const ofPage = join(agent, "page", basename(path))
            const isOfAgent = dirname(join(dirname(importer), path)) === agent
            return isOfAgent && existsSync(ofPage) ? { path: ofPage } : undefined
          })
        },
      },
    ],
  })
  return outputFiles[0]!.text.trim()
}
