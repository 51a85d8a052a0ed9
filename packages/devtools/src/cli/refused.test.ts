import { describe, expect, it } from "vitest"
import { refused } from "./refused.ts"

const system = (code: string, path: string) => Object.assign(new Error(`${code}: no, open '${path}'`), { code, path })

describe("refused", () => {
  it("keeps what an error says, without the package that says it", () => {
    expect(refused(new Error("weft: can't attach; do this")).message).toBe("can't attach; do this")
    expect(refused(new Error("devtools: no trace")).message).toBe("no trace")
    expect(refused("why").message).toBe("why")
  })

  it.each(["EACCES", "EISDIR", "ENOENT"])("says what to do about %s, and to which file", (code) => {
    const { message } = refused(system(code, "/a/b"))
    expect(message).toContain("/a/b")
    expect(message).not.toContain(code)
  })

  it("keeps what the system says where it knows no better", () => {
    expect(refused(system("EIO", "/a/b")).message).toBe("EIO: no, open '/a/b'")
  })
})
