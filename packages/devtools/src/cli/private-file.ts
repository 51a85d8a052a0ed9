/** Files that are written piece by piece, for their owner's eyes: names in a trace may say more than others should know. */
import { open } from "node:fs/promises"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { attempt } from "./look-into.ts"
import type { Refused } from "./refused.ts"

export interface PrivateFile {
  readonly path: string
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Bytes written so far. */
  readonly size: () => number
}

/** Replaces a file that is there. */
export const writeFile = (path: string): Effect.Effect<PrivateFile, Refused, Scope.Scope> =>
  Effect.acquireRelease(
    attempt(() => open(path, "w", 0o600)),
    (file) => Effect.promise(() => file.close()),
  ).pipe(
    Effect.map((file) => {
      let size = 0
      return {
        path,
        size: () => size,
        write: async (bytes) => {
          for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
          size += bytes.length
        },
      }
    }),
  )
