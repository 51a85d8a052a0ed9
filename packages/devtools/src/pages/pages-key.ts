/**
 * The key by which pages connect. It stays the same from one start to the next, so that a bookmark, and a line in a program, stay good.
 *
 * It gives no right to look at anything: whoever has it can be looked at. The page of `weft ui` has a token of its own, another each time.
 */
import { randomBytes } from "node:crypto"
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

export interface PagesKey {
  readonly key: string
  /** Whether it will be the same the next time. */
  readonly isKept: boolean
}

export function pagesKey(): PagesKey {
  const made = randomBytes(24).toString("base64url")
  try {
    const folder = stateFolder()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, "pages-key")
    try {
      writeFileSync(path, made, { mode: 0o600, flag: "wx" })
      return { key: made, isKept: true }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    }
    const { mode, uid } = lstatSync(path)
    const isPrivate = process.platform === "win32" || (uid === process.getuid?.() && (mode & 0o077) === 0)
    const key = isPrivate ? readFileSync(path, "utf8") : ""
    return /^[\w-]{32}$/.test(key) ? { key, isKept: true } : { key: made, isKept: false }
  } catch {
    // No home to keep it in.
    return { key: made, isKept: false }
  }
}

function stateFolder(): string {
  const { LOCALAPPDATA, XDG_STATE_HOME } = process.env
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "weft")
  return join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "weft")
}
