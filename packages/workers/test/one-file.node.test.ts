import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"

it("starts the run of a one-file program in its first thread only, whatever the file waits for before", async () => {
  const file = join(import.meta.dirname, "support/late-run.ts")
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@weft/source", file])
  expect(stdout).toBe("started here only\n")
})
