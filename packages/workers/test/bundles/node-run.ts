import { execFile } from "node:child_process"
import { promisify } from "node:util"

/** Runs a program in Node until it ends; gives the last line that it has printed, threads' own lines aside, as the JSON it is. */
export async function runInNode(folder: string, ...args: ReadonlyArray<string>): Promise<unknown> {
  // No flags or conditions of the tests' own process.
  const { NODE_OPTIONS: _options, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env, timeout: 600_000 })
  return JSON.parse(stdout.trim().split("\n").at(-1)!)
}
