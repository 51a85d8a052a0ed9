/**
 * Where sockets of Weft's lie: a folder that only this user can enter, so that nobody else can connect, or put a socket of his own in the way.
 */
import { lstatSync, mkdirSync } from "node:fs"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"

/** Makes it if it is not there. Refuses one that is somebody else's, or that others can enter. */
export function privateFolder(): string {
  // Not by its name: a container's user may have none.
  const uid = process.getuid?.() ?? userInfo().username
  // A socket's path may have 104 bytes on some systems: XDG_RUNTIME_DIR is short, and private already.
  const folder = join(process.env.XDG_RUNTIME_DIR || tmpdir(), `weft-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || (process.platform !== "win32" && (stat.uid !== uid || (stat.mode & 0o077) !== 0)))
    throw new Error(
      `weft: ${folder} must be a folder of yours that nobody else can enter; remove it, or set XDG_RUNTIME_DIR`,
    )
  return folder
}

/** The socket of a process that listens by itself: `@weft/devtools/agent`. */
export const doorOf = (pid: number): string => join(privateFolder(), `${pid}.sock`)
/** What whoever knocks there has to show. */
export const keyOf = (pid: number): string => join(privateFolder(), `${pid}.key`)
