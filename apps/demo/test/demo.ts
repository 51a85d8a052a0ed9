/** Runs the real program as a person's shell would, with its output on pipes. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url))
export const NODE_ARGUMENTS = ["--conditions=@weft/source"]

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  /** Resolves when stdout has come to hold `text`. */
  printed(text: string): Promise<void>
  interrupt(): void
  kill(): void
}

export function start(args: ReadonlyArray<string>, env: Record<string, string> = {}): Running {
  return startFile(MAIN, args, env)
}

export const demo = (args: ReadonlyArray<string>, env?: Record<string, string>): Promise<Ended> =>
  start(args, env).ended

export function startFile(file: string, args: ReadonlyArray<string> = [], env: Record<string, string> = {}): Running {
  const { COLUMNS: _c, FORCE_COLOR: _f, NO_COLOR: _n, NODE_OPTIONS: _o, ...rest } = process.env
  const child = spawn(process.execPath, [...NODE_ARGUMENTS, file, ...args], {
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const seen = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (seen.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (seen.stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve({ code, ...seen }))
  })
  return {
    ended,
    interrupt: () => void child.kill("SIGINT"),
    kill: () => void child.kill("SIGKILL"),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => seen.stdout.includes(text) && resolve()
        child.stdout.on("data", look)
        child.once("close", () => reject(new Error(`ended without printing ${text}:\n${seen.stdout}${seen.stderr}`)))
        look()
      }),
  }
}
