/** Files that are written piece by piece, for their owner's eyes: names in a trace may say more than others should know. */
import { open, rm } from "node:fs/promises"
import { basename, dirname } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Refused, refused } from "./refused.ts"

export interface PrivateFile {
  readonly path: string
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Bytes written so far. */
  readonly size: () => number
}

/** Replaces a file that is there. One that was not written to is taken away again. */
export const writeFile = (path: string): Effect.Effect<PrivateFile, Refused, Scope.Scope> =>
  Effect.gen(function* () {
    let size = 0
    let isUsed = false
    const file = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => open(path, "w", 0o600), catch: (error) => notWritten(path, error) }),
      (file) =>
        Effect.promise(async () => {
          const isRegular = (await file.stat()).isFile()
          await file.close()
          if (!isUsed && isRegular) await rm(path, { force: true })
        }),
    )
    return {
      path,
      size: () => size,
      write: async (bytes) => {
        isUsed = true
        for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
        size += bytes.length
      },
    }
  })

function notWritten(path: string, error: unknown): Refused {
  const { code } = error as NodeJS.ErrnoException
  return code === "ENOENT"
    ? new Refused(
        `There is no directory ${dirname(path)} to write ${basename(path)} into: make it first, or name another with -o.`,
      )
    : refused(error)
}
