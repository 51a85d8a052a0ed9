import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"

it("threads keep compiled code where their program has said so for itself, and only then", async () => {
  const folder = await mkdtemp(join(tmpdir(), "weft-compile-cache-"))
  const program = join(import.meta.dirname, "programs/compile-cache.ts")
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...env } = process.env
  const flags = ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"]
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, folder], { env })
  expect(stdout).toBe("undefined\ntrue\n")
  await rm(folder, { recursive: true })
})
