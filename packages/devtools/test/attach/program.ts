import { type ChildProcess, spawn } from "node:child_process"
import { createInterface, type Interface } from "node:readline"
import { fileURLToPath } from "node:url"

/** A program of `test/programs` that runs in a process of its own, until it is disposed. */
export class Program implements AsyncDisposable {
  readonly process: ChildProcess
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>
  readonly #lines: Interface
  readonly #said: Array<string> = []
  #code = 0
  #waiting: ((line: string) => void) | undefined
  errors = ""
  /** What it said after "ready". */
  detail = ""

  private constructor(
    name: string,
    args: ReadonlyArray<string>,
    options: ReadonlyArray<string>,
    env: NodeJS.ProcessEnv,
  ) {
    const path = fileURLToPath(new URL(`../programs/${name}`, import.meta.url))
    this.process = spawn(process.execPath, ["--conditions=@weft/source", "--expose-gc", ...options, path, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    })
    this.ended = new Promise((resolve) => this.process.once("exit", resolve))
    this.#lines = createInterface({ input: this.process.stdout! })
    this.#lines.on("line", (line) => {
      const waiting = this.#waiting
      this.#waiting = undefined
      if (waiting === undefined) this.#said.push(line)
      else waiting(line)
    })
    this.process.stderr!.on("data", (bytes: Buffer) => (this.errors += bytes.toString()))
  }

  /** Started, and it has said "ready". Where it ends by itself, it is to end with `code`. */
  static async start(
    name: string,
    {
      args = [],
      options = [],
      env = {},
      code = 0,
    }: { args?: ReadonlyArray<string>; options?: ReadonlyArray<string>; env?: NodeJS.ProcessEnv; code?: number } = {},
  ): Promise<Program> {
    const program = new Program(name, args, options, env)
    program.#code = code
    const line = await program.line()
    if (!line.startsWith("ready")) throw new Error(`${name} said ${line}; ${program.errors}`)
    program.detail = line.slice("ready ".length)
    return program
  }

  get pid(): number {
    return this.process.pid!
  }

  line(): Promise<string> {
    const line = this.#said.shift()
    if (line !== undefined) return Promise.resolve(line)
    return new Promise((resolve, reject) => {
      this.#waiting = resolve
      void this.ended.then((code) => reject(new Error(`it ended with ${code}: ${this.errors}`)))
    })
  }

  async ask<T>(question: string): Promise<T> {
    this.process.stdin!.write(`${question}\n`)
    return JSON.parse(await this.line()) as T
  }

  /** Throws where it had not ended well by then: that explains whatever else failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGKILL")
      await this.ended
    }
    const { exitCode, signalCode } = this.process
    if (exitCode === this.#code || (signalCode !== null && ends.has(signalCode))) return
    throw new Error(`the program ended with ${signalCode ?? exitCode}: ${this.errors}`)
  }
}

/** What tests end programs with; others are crashes. */
const ends: ReadonlySet<string> = new Set(["SIGKILL", "SIGTERM", "SIGINT"])
