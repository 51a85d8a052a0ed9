/** Real programs, and the real command line. */
import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))
const fromSources = ["--conditions=@weft/source"]

export interface Program extends AsyncDisposable {
  readonly pid: number
  readonly child: ChildProcess
}

export const programs: string = fileURLToPath(new URL("programs", import.meta.url))

/** Starts one of `programs/`, or another file, and resolves when it says that it is ready. */
export async function startProgram(name: string): Promise<Program> {
  const path = resolve(programs, name)
  const child = spawn(process.execPath, [...fromSources, path], { stdio: ["ignore", "pipe", "ignore"] })
  const ended = once(child, "exit")
  await once(child.stdout, "data")
  return {
    pid: child.pid!,
    child,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await ended
    },
  }
}

export interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

export const weft = (...args: ReadonlyArray<string>): Promise<Result> => weftWith({}, ...args)

/** With these variables beside those of this process. */
export function weftWith(env: NodeJS.ProcessEnv, ...args: ReadonlyArray<string>): Promise<Result> {
  const options = { maxBuffer: 2 ** 28, env: { ...process.env, ...env } }
  return new Promise((settle) => {
    const child = execFile(process.execPath, [...fromSources, main, ...args], options, (_, out, err) =>
      settle({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

export interface InTerminal extends AsyncDisposable {
  /** All that it has written. */
  readonly screen: () => string
  readonly type: (keys: string) => void
  /** Resolves when it has written this. */
  readonly shows: (text: string) => Promise<void>
  /** Of the command. */
  readonly pid: () => Promise<number>
  readonly ended: Promise<unknown>
}

/** In a terminal of its own, 100 columns by 30 lines, which `script` makes. */
export function weftInTerminal(...args: ReadonlyArray<string>): InTerminal {
  const command = [process.execPath, ...fromSources, main, ...args].map((word) => `'${word}'`).join(" ")
  const child = spawn("script", ["-qefc", `stty cols 100 rows 30; echo pid=$$; exec ${command}`, "/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, TERM: "xterm", NO_COLOR: "" },
  })
  let written = ""
  child.stdout.on("data", (data: Buffer) => (written += data.toString()))
  const ended = once(child, "close")
  const shows = async (text: string): Promise<void> => {
    while (!written.includes(text)) await once(child.stdout, "data")
  }
  return {
    screen: () => written,
    type: (keys) => void child.stdin.write(keys),
    shows,
    pid: async () => {
      await shows("\n")
      return Number(/pid=(\d+)/.exec(written)?.[1])
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await ended
    },
  }
}
