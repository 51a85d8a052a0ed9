/**
 * One attachment at a time: all processes open their inspector at one port, and who finds it taken complains on its stderr. So those who attach take turns, by a file in the
 * private folder that has the number of whoever's turn it is.
 */
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
  const deadline = performance.now() + longestTurnMillis
  for (;;) {
    if (tryTake(path)) return () => rmSync(path, { force: true })
    if (isLeftOver(path) || performance.now() > deadline) rmSync(path, { force: true })
    else await delay(waitMillis)
  }
}

function tryTake(path: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600)
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
}

/** Whoever took it has ended. */
function isLeftOver(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, "utf8"))
    // Not yet written: he is about to.
    if (pid === 0) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH"
  }
}
