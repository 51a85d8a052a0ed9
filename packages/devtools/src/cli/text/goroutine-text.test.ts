import { describe, expect, it } from "vitest"
import { goroutine } from "../../../test/cli/dumps.ts"
import { nameOf, thing } from "./goroutine-text.ts"

describe("thing", () => {
  it.each([
    [
      { kind: "channel", detail: "a channel (unbuffered, 1 waiting to receive)" },
      "channel #7 (unbuffered, 1 waiting to receive)",
    ],
    [{ kind: "Semaphore", detail: "2 of a semaphore (0 of 3 free)" }, "Semaphore #7 (0 of 3 free)"],
    [{ kind: "Mutex", detail: "a Mutex (locked by goroutine 8, 1 waiting)", owner: 8 }, "Mutex #7 (1 waiting)"],
    [{ kind: "Mutex", detail: "a Mutex (locked by goroutine 8)", owner: 8 }, "Mutex #7"],
    [{ kind: "channel", capacity: 3, length: 1, isClosed: true }, "channel #7 (capacity 3, 1 buffered, closed)"],
    [{ kind: "channel", capacity: 0, length: 0 }, "channel #7 (unbuffered)"],
    [{ kind: "Cond" }, "Cond #7"],
    [{ kind: "thing", detail: "as it says" }, "thing #7 (as it says)"],
  ])("says of %j what there is to say, once", (object, text) => {
    expect(thing({ id: 7, ...object })).toBe(text)
  })
})

describe("nameOf", () => {
  it("calls main main, whatever else it is called", () => {
    expect(nameOf(goroutine(1, { isMain: true }))).toBe("main")
    expect(nameOf(goroutine(1, { isMain: true, name: "main" }))).toBe("main")
    expect(nameOf(goroutine(1, { isMain: true, name: "server" }))).toBe("main server")
    expect(nameOf(goroutine(2, { name: "server" }))).toBe("server")
  })
})
