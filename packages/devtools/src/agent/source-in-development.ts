/** `#agent-source` while running from the sources: bundled when it is first asked for. In the package a module that has the text takes its place (`build/main.ts`). */

let bundled: Promise<string> | undefined

/** The text of a function `(source, options) => number`. */
export const loadAgentSource = (): Promise<string> => (bundled ??= bundle())

interface Bundler {
  bundleAgent(this: void): Promise<string>
}

async function bundle(): Promise<string> {
  // By a name that neither the compiler nor the bundler follows: it needs esbuild, which users of the package don't.
  const bundler = new URL("../../build/agent.ts", import.meta.url).href
  const { bundleAgent } = (await import(bundler)) as Bundler
  return bundleAgent()
}
