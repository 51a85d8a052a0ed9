/** Sockets of attachments whose process was killed: nobody listens at them, and nobody else takes them away. */
import { readdirSync, rmSync, statSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { isAlive } from "./is-alive.ts"
import { privateFolder } from "./private-folder.ts"

/** A socket is there a moment before its process listens at it. */
const youngMillis = 10_000

export async function removeLeftoverSockets(): Promise<void> {
  const folder = privateFolder()
  const removed = readdirSync(folder).map(async (name) => {
    const [, pid] = /^(\d+)-[0-9a-f]+\.sock$/.exec(name) ?? []
    if (pid === undefined) return
    const path = join(folder, name)
    // Not by the number alone: another process may have it by now, and one of another container's may not be seen.
    if ((await hasListener(path)) || (isAlive(Number(pid)) && isYoung(path))) return
    rmSync(path, { force: true })
  })
  await Promise.all(removed)
}

function hasListener(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on("connect", () => {
      socket.destroy()
      resolve(true)
    })
    // Any other says nothing of whether there is one: it may have too much to do.
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED"))
  })
}

function isYoung(path: string): boolean {
  const made = statSync(path, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs < youngMillis
}
