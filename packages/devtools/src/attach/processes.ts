/**
 * Which processes run Weft, without disturbing any: nobody is attached to.
 *
 * A process that listens by itself says so by its socket. Of the others those count that run on Node or Deno, belong to this user, and whose script has `@weft/core` installed
 * near it, or bundled in it. It may not have loaded it, which only attaching tells.
 */
import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { dirname, isAbsolute, join, resolve } from "node:path"
import type { WeftProcess } from "./attached.ts"
import { isAlive } from "./is-alive.ts"
import { hasProc, type LinuxProcess, linuxPids, linuxProcess } from "./linux-process.ts"
import { doorOf, keyOf, privateFolder } from "./private-folder.ts"

/** What core's attach point is called; it stands in bundles too. */
const mark = "@weft/core.attach"
const longestTitle = 60
const longestScript = 50 * 1024 * 1024

export function processes(): Array<WeftProcess> {
  const doors = new Set(
    readdirSync(privateFolder()).flatMap((name) => {
      const [, pid] = /^(\d+)\.sock$/.exec(name) ?? []
      if (pid === undefined) return []
      if (isAlive(Number(pid))) return [Number(pid)]
      // Of one that was killed.
      for (const path of [doorOf(Number(pid)), keyOf(Number(pid))]) rmSync(path, { force: true })
      return []
    }),
  )
  const all = hasProc ? linuxPids().flatMap((pid) => linuxProcess(pid) ?? []) : listedByPs()
  return all
    .filter((found) => found.pid !== process.pid && (doors.has(found.pid) || runsWeft(found)))
    .map(({ argv, pid, program, uptimeSeconds }) => ({
      pid,
      title: titleOf(argv, program),
      command: argv.join(" "),
      uptimeSeconds,
      by: doors.has(pid) ? "socket" : "inspector",
    }))
}

function runsWeft({ argv, catchesUsr1, folder, program, uid }: LinuxProcess): boolean {
  if (uid !== process.getuid?.() || !catchesUsr1 || !/^(node|nodejs|deno|MainThread)/.test(program)) return false
  const script = scriptOf(argv, folder)
  // A process that has given itself a title has no script in its arguments any more.
  if (script === undefined) return !/^np[mx] /.test(argv.join(" ")) && hasWeftNear(`${folder}/.`)
  return hasWeftNear(script) || hasWeftInside(script)
}

/** The first word that is a file: options of Node's may have values. */
function scriptOf(argv: ReadonlyArray<string>, folder: string): string | undefined {
  for (const word of argv.slice(1)) {
    if (word.startsWith("-")) continue
    const path = isAbsolute(word) ? word : resolve(folder, word)
    for (const candidate of [path, `${path}.js`, join(path, "index.js")])
      if (statSync(candidate, { throwIfNoEntry: false })?.isFile() === true) return candidate
  }
  return undefined
}

function hasWeftNear(script: string): boolean {
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules/@weft/core"))) return true
    if (folder === dirname(folder)) return false
  }
}

function hasWeftInside(script: string): boolean {
  try {
    return statSync(script).size <= longestScript && readFileSync(script, "latin1").includes(mark)
  } catch {
    return false
  }
}

/** As people know it: the script's file, with the folder it stands in. */
function titleOf(argv: ReadonlyArray<string>, program: string): string {
  const script = argv.slice(1).find((word, i) => !word.startsWith("-") && !hasValue.has(argv[i]!))
  const title = script === undefined ? argv.join(" ") : script.split(/[\\/]/).slice(-2).join("/")
  // A program may stand in the arguments itself: `node -e`.
  return title.replace(/\s+/g, " ").trim().slice(0, longestTitle) || program
}

/** Options whose value is the next word. */
const hasValue = new Set(["--import", "--require", "-r", "--preload", "--loader", "--conditions", "-C", "--env-file"])

/** macOS and the like. Whether a process catches the signal can't be seen there: Node does unless told not to. */
function listedByPs(): Array<LinuxProcess> {
  if (process.platform === "win32") return []
  const text = execFileSync("ps", ["-axo", "pid=,uid=,etime=,comm=,args="], { encoding: "utf8" })
  return text.split("\n").flatMap((line) => {
    const [, pid, uid, elapsed, command, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (pid === undefined || elapsed === undefined || command === undefined || args === undefined) return []
    return {
      pid: Number(pid),
      uid: Number(uid),
      program: command.split("/").at(-1)!,
      argv: args.split(" "),
      folder: "/",
      nodeOptions: "",
      catchesUsr1: !args.includes("--disable-sigusr1"),
      uptimeSeconds: secondsOf(elapsed),
    }
  })
}

/** "[[days-]hours:]minutes:seconds" */
function secondsOf(elapsed: string): number {
  const [days, clock] = elapsed.includes("-") ? elapsed.split("-") : ["0", elapsed]
  return clock!.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400
}
