/** What `/proc` says of a process. Undefined where there is no `/proc`, or no such process. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs"
import { basename } from "node:path"

export interface LinuxProcess {
  readonly pid: number
  readonly uid: number
  /** The name of its program: "node". */
  readonly program: string
  readonly argv: ReadonlyArray<string>
  readonly folder: string
  /** Its NODE_OPTIONS. */
  readonly nodeOptions: string
  /** Whether SIGUSR1 is caught: it would end a process that does not. */
  readonly catchesUsr1: boolean
  readonly uptimeSeconds: number
}

const sigUsr1 = 10
const ticksPerSecond = 100

export const hasProc: boolean = process.platform === "linux"

export function linuxProcess(pid: number): LinuxProcess | undefined {
  try {
    const root = `/proc/${pid}`
    const status = readFileSync(`${root}/status`, "utf8")
    const caught = BigInt(`0x${/^SigCgt:\s*(\w+)/m.exec(status)?.[1] ?? "0"}`)
    const stat = readFileSync(`${root}/stat`, "utf8")
    // The name, which comes second, may have blanks and brackets in it.
    const startTicks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19])
    const systemUptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0])
    return {
      pid,
      uid: statSync(root).uid,
      program: basename(readlinkSync(`${root}/exe`)).replace(/ \(deleted\)$/, ""),
      argv: readFileSync(`${root}/cmdline`, "utf8").split("\0").slice(0, -1),
      folder: readlinkSync(`${root}/cwd`),
      nodeOptions: /(?:^|\0)NODE_OPTIONS=([^\0]*)/.exec(readFileSync(`${root}/environ`, "utf8"))?.[1] ?? "",
      catchesUsr1: (caught & (1n << BigInt(sigUsr1 - 1))) !== 0n,
      uptimeSeconds: systemUptime - startTicks / ticksPerSecond,
    }
  } catch {
    return undefined
  }
}

export const linuxPids = (): Array<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isSafeInteger(pid) && pid > 0)

/** The ports at which it listens on loopback. */
export function loopbackPorts(pid: number): Set<number> {
  const inodes = new Set<string>()
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      try {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? []
        if (inode !== undefined) inodes.add(inode)
      } catch {
        // Closed since the folder was read.
      }
    }
  } catch {
    return new Set()
  }
  const ports = new Set<number>()
  for (const line of textOf(`/proc/${pid}/net/tcp`).split("\n").slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    const [address, port] = local?.split(":") ?? []
    if (state === listening && address === loopback && inode !== undefined && inodes.has(inode))
      ports.add(parseInt(port!, 16))
  }
  return ports
}

/** Nothing once the process is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const listening = "0A"
/** 127.0.0.1, as `/proc` writes it. */
const loopback = "0100007F"
