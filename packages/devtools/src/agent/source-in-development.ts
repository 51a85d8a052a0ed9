/** `#agent-source` while running from the sources: bundled when it is first asked for. In the package a module that has the text takes its place (`build/main.ts`). */

let bundled: Promise<string> | undefined
let bundledOfPages: Promise<string> | undefined

/** The text of a function `(source, options) => Promise<boolean>`. */
export const loadAgentSource = (): Promise<string> =>
  (bundled ??= bundler<"bundleAgent">("agent").then(({ bundleAgent }) => bundleAgent()))

/** The text of a module that pages import (`page/page-agent.ts`). */
export const loadPageAgent = (): Promise<string> =>
  (bundledOfPages ??= bundler<"bundlePageAgent">("page-agent").then(({ bundlePageAgent }) => bundlePageAgent()))

type Bundler<Name extends string> = Readonly<Record<Name, (this: void) => Promise<string>>>

function bundler<Name extends string>(name: string): Promise<Bundler<Name>> {
  // By a name that neither the compiler nor the bundler follows: it needs esbuild, which users of the package don't.
  const module = new URL(`../../build/${name}.ts`, import.meta.url).href
  return import(module) as Promise<Bundler<Name>>
}
