/**
 * `@weft/devtools/agent`: lets this process be attached to without the inspector, for containers without signals, Bun, Windows, `--disable-sigusr1`.
 *
 * `import "@weft/devtools/agent"`, or `node --import @weft/devtools/agent app.js`. It listens on a socket in a folder that only this user can enter, and does nothing until somebody
 * who can read the key beside it knocks. With `WEFT_TRACE=file` it also records from the start into that file.
 */
import { openDoor } from "./attach/door.ts"
import { traceFromStart } from "./attach/trace-from-start.ts"

try {
  if (process.env.WEFT_AGENT !== "off") await openDoor()
  if (process.env.WEFT_TRACE !== undefined) await traceFromStart(process.env.WEFT_TRACE)
} catch (error) {
  // The program is what matters: it starts without being seen.
  console.error("weft: this process can't be looked at:", error instanceof Error ? error.message : error)
}
