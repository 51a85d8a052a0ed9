/**
 * A chapter in a process of its own: what it measures is then its own memory, and its heap may be as large as it needs.
 *
 * The child writes to our output itself. It is told our colours and columns, as it may find itself on a pipe of ours. It ends with us: by a
 * signal where we still can, else as its channel closes.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type Chapter, chapters } from "./chapters.ts"
import { stage } from "./stage.ts"
import { screen as makeScreen, type Screen } from "./terminal/screen.ts"

const HEAP_MEGABYTES = 4_096

export async function runApart(screen: Screen, chapter: Chapter, site: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      "--expose-gc",
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      fileURLToPath(import.meta.url),
      chapter.name,
      site,
      JSON.stringify({ color: screen.color, animate: screen.animate }),
    ],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  )
  const end = () => void child.kill()
  process.once("exit", end)
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null]
  process.off("exit", end)
  if (code !== 0) throw new Error(`chapter ${chapter.name} ended with ${code ?? signal}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = "", site = "", options = "{}"] = process.argv.slice(2)
  const chapter = chapters.find((candidate) => candidate.name === name)
  if (chapter === undefined) throw new Error(`Bug: no chapter ${name}`)
  process.once("disconnect", () => process.exit())
  process.channel?.unref() // listening to it is no reason to stay
  await chapter.main(stage(makeScreen(JSON.parse(options) as { color: boolean; animate: boolean }), site))
}
