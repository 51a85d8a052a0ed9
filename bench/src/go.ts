/** Builds the Go programs once, if there is a Go to build them with. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const source = fileURLToPath(new URL("../go", import.meta.url))

export interface GoBinary {
  readonly path: string
  readonly version: string
}

/** A line to print instead, if Go can't take part. */
export type NoGo = { readonly reason: string }

export async function buildGo(directory: string): Promise<GoBinary | NoGo> {
  const path = `${directory}/bench`
  try {
    await run("go", ["build", "-o", path, "."], { cwd: source })
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { reason: "Go is not on PATH, so its columns stay empty and no ratio to it can be shown." }
    }
    return { reason: `The Go programs did not build, so its columns stay empty: ${String(error)}` }
  }
  const { stdout } = await run(path, ["version"])
  return { path, version: stdout.trim() }
}

const run = promisify(execFile)
