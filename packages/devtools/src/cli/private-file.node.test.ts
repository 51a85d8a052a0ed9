import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import { writeFile } from "./private-file.ts"

const folder = mkdtempSync(join(tmpdir(), "weft-private-"))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (path: string, ...parts: ReadonlyArray<string>) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(writeFile(path), (file) =>
        Effect.promise(async () => {
          for (const part of parts) await file.write(Buffer.from(part))
          return file.size()
        }),
      ),
    ),
  )

const mode = (path: string) => statSync(path).mode & 0o777

describe("writeFile", () => {
  it("makes a file for its owner's eyes, and none if there is nothing to write", async () => {
    const path = join(folder, "new")
    expect(await write(path)).toBe(0)
    expect(() => statSync(path)).toThrow("ENOENT")
    expect(await write(path, "ab", "c")).toBe(3)
    expect([readFileSync(path, "utf8"), mode(path)]).toEqual(["abc", 0o600])
  })

  it("replaces one that is there once there is something to write, and then it is its owner's alone", async () => {
    const path = join(folder, "old")
    writeFileSync(path, "what was there", { mode: 0o644 })
    await write(path)
    expect(readFileSync(path, "utf8")).toBe("what was there")
    await write(path, "new")
    expect([readFileSync(path, "utf8"), mode(path)]).toEqual(["new", 0o600])
  })

  it("says which directory is missing", async () => {
    await expect(write(join(folder, "none", "file"), "x")).rejects.toThrow(/There is no directory .*none/)
  })
})
