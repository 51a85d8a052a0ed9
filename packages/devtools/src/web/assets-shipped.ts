/** `#ui-assets` in the package, as `dist/ui-assets.js`: the files in `dist/ui/`. */
import { readdir, readFile } from "node:fs/promises"
import { asset, type Assets } from "./asset.ts"

export async function loadAssets(): Promise<Assets> {
  const folder = new URL("./ui/", import.meta.url)
  const names = await readdir(folder)
  return new Map(await Promise.all(names.map(async (name) => asset(name, await readFile(new URL(name, folder))))))
}
