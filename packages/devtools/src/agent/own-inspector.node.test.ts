import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"

// In a process of its own: with a session of Node's this ends it by SIGSEGV.
it("tells of threads that end while it does", async () => {
  const program = fileURLToPath(new URL("../../test/programs/ending-while-told.ts", import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@weft/source", program])
  expect(stdout).toBe("3\n")
})
