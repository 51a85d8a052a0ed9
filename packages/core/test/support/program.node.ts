import { spawn } from "node:child_process"

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program in a Node of its own until it ends by itself; `@weft/core` is what is tested here. */
export function program(source: string): Promise<Ended> {
  const flags = ["--conditions=@weft/source", "--input-type=module", "--disable-warning=ExperimentalWarning"]
  const child = spawn(process.execPath, [...flags, "--eval", source], { cwd: import.meta.dirname })
  const texts = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text))
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, ...texts }))
  })
}
