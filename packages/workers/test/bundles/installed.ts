/**
 * An app's folder with the packages installed as their users have them: no links, `dist` and `package.json` only. A file for each
 * module, as rollup.config.js builds them.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { transform } from "esbuild"

const root = join(import.meta.dirname, "../../../..")
const packages = ["core", "channels", "sync", "workers"]

export interface App extends AsyncDisposable {
  readonly folder: string
}

/** A new folder with `node_modules` and the app of `app/` in its `src`, as it is or without its types. */
export async function installApp(language: "ts" | "js"): Promise<App> {
  const folder = mkdtempSync(join(tmpdir(), "weft-app-"))
  await Promise.all(packages.map((name) => install(name, join(folder, "node_modules/@weft", name))))
  symlinkSync(join(root, "node_modules/effect"), join(folder, "node_modules/effect"))
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", type: "module", private: true }))
  const sources = join(folder, "src")
  cpSync(join(import.meta.dirname, "app"), sources, { recursive: true })
  if (language === "js") await eraseTypes(sources)
  return {
    folder,
    // Again: a server that is being closed may write once more.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

async function install(name: string, folder: string): Promise<void> {
  const source = join(root, "packages", name)
  cpSync(join(source, "src"), join(folder, "dist"), {
    recursive: true,
    filter: (file) => !/\.test(-d)?\.ts$/.test(file),
  })
  cpSync(join(source, "package.json"), join(folder, "package.json"))
  await eraseTypes(join(folder, "dist"))
}

async function eraseTypes(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))
  await Promise.all(
    files.map(async (name) => {
      const file = join(folder, name)
      const { code } = await transform(readFileSync(file, "utf8"), { loader: "ts", target: "es2023" })
      rmSync(file)
      writeFileSync(file.replace(/\.ts$/, ".js"), code.replaceAll(/((?:from |import |URL\()".*)\.ts"/g, '$1.js"'))
    }),
  )
}
