/** Files that are written piece by piece, for their owner's eyes: names in a trace may say more than others should know. */
import { constants } from "node:fs"
import { type FileHandle, open, rm } from "node:fs/promises"
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

/** Replaces a file that is there, once there is something to write. A new one that was not written to is taken away again. */
export const writeFile = (path: string): Effect.Effect<PrivateFile, Refused, Scope.Scope> =>
  Effect.gen(function* () {
    let size = 0
    let isUsed = false
    const { file, isNew } = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => openPrivate(path), catch: (error) => notWritten(path, error) }),
      ({ file, isNew }) =>
        Effect.promise(async () => {
          await file.close()
          if (!isUsed && isNew) await rm(path, { force: true })
        }),
    )
    return {
      path,
      size: () => size,
      write: async (bytes) => {
        // Not before: one that is there is lost only to something.
        if (!isUsed && !isNew && (await file.stat()).isFile()) await file.truncate()
        isUsed = true
        for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
        size += bytes.length
      },
    }
  })

/** Also one that is there is its owner's alone from now on. */
async function openPrivate(path: string): Promise<{ readonly file: FileHandle; readonly isNew: boolean }> {
  try {
    return { file: await open(path, "wx", 0o600), isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
  const file = await open(path, constants.O_WRONLY)
  if ((await file.stat()).isFile()) await file.chmod(0o600)
  return { file, isNew: false }
}

function notWritten(path: string, error: unknown): Refused {
  const { code } = error as NodeJS.ErrnoException
  return code === "ENOENT"
    ? new Refused(
        `There is no directory ${dirname(path)} to write ${basename(path)} into: make it first, or name another with -o.`,
      )
    : refused(error)
}
