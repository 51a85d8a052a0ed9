import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"

async function outputOf(program: string): Promise<string> {
  const file = join(import.meta.dirname, "support", program)
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@weft/source", file])
  return stdout
}

describe("a thread that loads a task's module", () => {
  it("never starts its run, whatever the module waits for before", async () => {
    expect(await outputOf("late-run.ts")).toBe("started here only\n")
  })

  it("is not asleep while it loads", async () => {
    expect(await outputOf("slow-program.ts")).toBe("loaded\n")
  })

  it("answers that the task is not there, though the module waits for a run for ever", async () => {
    expect(await outputOf("missing-program.ts")).toBe("TaskNotFound\n")
  })
})
