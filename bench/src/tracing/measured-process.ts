import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** A process that measures when asked: a workload, or the Go program. */
export class MeasuredProcess implements Disposable {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(command: string, args: ReadonlyArray<string>) {
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  static async start(command: string, args: ReadonlyArray<string>): Promise<MeasuredProcess> {
    const process = new MeasuredProcess(command, args)
    await process.#line()
    return process
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Nanoseconds an operation. */
  async measure(operations: number | string): Promise<number> {
    this.#process.stdin!.write(`${operations}\n`)
    return Number(await this.#line())
  }

  async #line(): Promise<string> {
    const line = await this.#lines.next()
    if (line.done === true) throw new Error("the measured process has ended")
    return line.value
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL")
  }
}
