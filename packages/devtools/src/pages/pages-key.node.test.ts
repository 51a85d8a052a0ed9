import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { pagesKey } from "./pages-key.ts"

let folder: string
const path = () => join(folder, "weft", "pages-key")

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "weft-key-"))
  vi.stubEnv("XDG_STATE_HOME", folder)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe.skipIf(process.platform === "win32")("the key of pages", () => {
  it("is the same each time, and its user's own", () => {
    const { isKept, key } = pagesKey()
    expect(isKept).toBe(true)
    expect(key).toMatch(/^[\w-]{32}$/)
    expect(pagesKey()).toEqual({ key, isKept: true })
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, "weft")).mode & 0o777).toBe(0o700)
  })

  it("is not taken from a file that others can read, or that has none", () => {
    const { key } = pagesKey()
    chmodSync(path(), 0o644)
    expect(pagesKey()).toMatchObject({ isKept: false })
    chmodSync(path(), 0o600)
    expect(pagesKey().key).toBe(key)
    writeFileSync(path(), "guess me")
    expect(pagesKey()).toMatchObject({ isKept: false, key: expect.stringMatching(/^[\w-]{32}$/) as unknown })
    expect(readFileSync(path(), "utf8")).toBe("guess me")
  })

  it("is good for once where it can't be kept", () => {
    writeFileSync(join(folder, "file"), "")
    vi.stubEnv("XDG_STATE_HOME", join(folder, "file"))
    const [one, other] = [pagesKey(), pagesKey()]
    expect([one.isKept, other.isKept]).toEqual([false, false])
    expect(one.key).not.toBe(other.key)
  })
})
