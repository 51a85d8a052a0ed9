/**
 * One attachment at a time: all processes open their inspector at one port, and who finds it taken complains on its stderr. So those who attach take turns, by a file in the
 * private folder that says whose turn it is.
 */
import { randomUUID } from "node:crypto"
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { privateFolder } from "./private-folder.ts"

const waitMillis = 5
/** Somebody who is slower has been stopped: he must not stop the others. */
const longestTurnMillis = 10_000

/** Waits for its turn. Answers what ends it. */
export async function takePortTurn(): Promise<() => void> {
  const path = join(privateFolder(), "inspector.turn")
  // Whose turn it is, and since when that is known here.
  let turn = ""
  let since = performance.now()
  for (;;) {
    const own = tryTake(path)
    if (own !== undefined)
      return () => {
        if (turnAt(path) === own) rmSync(path, { force: true })
      }
    const now = performance.now()
    const present = turnAt(path)
    if (present !== turn) [turn, since] = [present, now]
    if (isLeftOver(turn) || now - since > longestTurnMillis) rmSync(path, { force: true })
    else await delay(waitMillis)
  }
}

function tryTake(path: string): string | undefined {
  try {
    const file = openSync(path, "wx", 0o600)
    const own = `${process.pid} ${randomUUID()}`
    writeSync(file, own)
    closeSync(file)
    return own
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined
    throw error
  }
}

/** Empty: nobody's, or about to be written. */
function turnAt(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

/** Whoever took it has ended. */
function isLeftOver(turn: string): boolean {
  if (turn === "") return false
  try {
    process.kill(Number.parseInt(turn, 10), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH"
  }
}
