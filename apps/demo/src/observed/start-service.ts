/** The service in a process of its own, as it would be in production. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface Service extends AsyncDisposable {
  readonly pid: number
  readonly site: string
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>
}

const MAIN = fileURLToPath(new URL("../service/main.ts", import.meta.url))

export async function startService(port: number, onError: (line: string) => void): Promise<Service> {
  // Its first line goes nowhere: we say where it listens. The channel tells it when we are gone, however that came.
  const child = spawn(process.execPath, [...process.execArgv, MAIN, `${port}`], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  })
  createInterface(child.stderr!).on("line", (line) => attachment.test(line) || onError(line))
  const ended = once(child, "exit")
  const { code, site } = await Promise.race([told(child), ended.then((): Told => ({}))])
  if (site === undefined) throw Object.assign(new Error("The service has not started."), { code })
  return {
    pid: child.pid!,
    site,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM")
      await ended
    },
  }
}

/** Where it listens, or why it does not. */
interface Told {
  readonly site?: string
  readonly code?: string
}

async function told(child: ChildProcess): Promise<Told> {
  const [message] = (await once(child, "message")) as [Told]
  return message
}

/** What Node says on stderr whenever somebody attaches and detaches. */
const attachment = /^(Debugger (listening|attached|ending)|For help, see: https:\/\/nodejs)/
