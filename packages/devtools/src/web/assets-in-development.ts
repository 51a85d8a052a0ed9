/** `#ui-assets` while running from the sources: bundles the page when it is first asked for. `assets-shipped.ts` takes its place in the package. */
import { asset, type Assets } from "./asset.ts"

let built: Promise<Assets> | undefined

export const loadAssets = (): Promise<Assets> => (built ??= build())

interface Builder {
  readonly buildUi: () => Promise<ReadonlyMap<string, Uint8Array>>
}

async function build(): Promise<Assets> {
  // By a name that neither the compiler nor the bundler follows: the page has a project and types of its own.
  const builder = new URL("../../ui/build/bundle.ts", import.meta.url).href
  const { buildUi } = (await import(builder)) as Builder
  return new Map([...(await buildUi())].map(([name, body]) => asset(name, body)))
}
