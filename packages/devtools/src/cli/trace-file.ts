import { open, stat } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { magic } from "../format/trace-file.ts"
import { attempt } from "./look-into.ts"
import { refuse, type Refused } from "./refused.ts"

/** Refuses what is no trace before anything is made of it. What is no regular file, a pipe for one, shows when it is read. */
export const checkTraceFile: (path: string) => Effect.Effect<void, Refused> = Effect.fnUntraced(function* (
  path: string,
) {
  const stats = yield* attempt(() => stat(path).catch(() => undefined))
  if (stats === undefined) return yield* refuse(`There is no file ${path}: look at the path.`)
  if (stats.isDirectory())
    return yield* refuse(`${path} is a directory: name a file in it that weft trace has written.`)
  if (!stats.isFile()) return
  if (stats.size === 0) return yield* refuse(`${path} is empty: nothing was recorded into it.`)
  const begins = yield* attempt(() => beginning(path))
  if (begins !== magic)
    return yield* refuse(
      `${path} is no trace: it does not begin with ${magic}. Name a file that weft trace, without --format, has written.`,
    )
})

async function beginning(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0)
    return buffer.toString("latin1", 0, bytesRead)
  } finally {
    await file.close()
  }
}
