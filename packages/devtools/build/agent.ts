/**
 * Bundles the agent into the text of one function `(source, options) => Promise<boolean>`, which is evaluated in the process that is looked at.
 */
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

export async function bundleAgent(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/agent/agent.ts", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "agent",
    platform: "neutral",
    target: "node22",
    legalComments: "none",
  })
  const [file] = outputFiles
  return `(source,options)=>{${file!.text.trim()}return agent.startAgent(source,options)}`
}
