/**
 * A copy of the repository to break things in: the working tree itself is never touched, as somebody may be at work in it.
 */
import { execFileSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Tests } from "./tests-for.ts"

export const root = join(import.meta.dirname, "../..")

/** What the tests of the packages need. */
const needed = ["packages", "scripts", "package.json", "tsconfig.base.json", "tsconfig.json", "vitest.config.ts"]

/** As scripts/test.ts knows them. */
const longTag = /@module-tag long\b|\btags: \[?"long"/

export class Copy implements Disposable {
  readonly folder: string

  /** Of the working tree, or of a commit. */
  constructor(commit: string | undefined) {
    this.folder = mkdtempSync(join(tmpdir(), "weft-mutation-"))
    if (commit === undefined) this.#takeWorkingTree()
    else this.#takeCommit(commit)
    this.#linkModules()
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8")
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text)
  }

  /** Every test of the packages that runs in Node. */
  tests(): Tests {
    const files = readdirSync(join(this.folder, "packages"), { recursive: true, encoding: "utf8" })
      .filter((path) => /^[^/]+\/(src|test)\/.*\.test\.ts$/.test(path))
      .map((path) => `packages/${path}`)
      .sort()
    return { files, long: new Set(files.filter((path) => longTag.test(this.read(path)))) }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #takeWorkingTree(): void {
    const list = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...needed)
    for (const path of list.toString().split("\0")) {
      // A file that was deleted and not committed yet is listed, too.
      if (path === "" || !existsSync(join(root, path))) continue
      const to = join(this.folder, path)
      mkdirSync(dirname(to), { recursive: true })
      cpSync(join(root, path), to)
    }
  }

  #takeCommit(commit: string): void {
    execFileSync("tar", ["-x", "-C", this.folder], { input: git("archive", commit, "--", ...needed) })
  }

  /** Links to what is installed, but for our own packages: those must be the copy's. */
  #linkModules(): void {
    const installed = join(root, "node_modules")
    const modules = join(this.folder, "node_modules")
    mkdirSync(join(modules, "@weft"), { recursive: true })
    for (const name of readdirSync(installed)) {
      // Caches among the hidden ones: one that is shared would be written to by both.
      if (name === "@weft" || name.startsWith(".")) continue
      symlinkSync(join(installed, name), join(modules, name))
    }
    for (const name of readdirSync(join(this.folder, "packages")))
      symlinkSync(join(this.folder, "packages", name), join(modules, "@weft", name))
  }
}

/** Its first digits. */
export const commitId = (commit: string): string => git("rev-parse", "--short=9", commit).toString().trim()

const git = (...args: ReadonlyArray<string>): Buffer =>
  execFileSync("git", args, { cwd: root, maxBuffer: 256 * 1024 * 1024 })
