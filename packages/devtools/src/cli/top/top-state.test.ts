import { describe, expect, it } from "vitest"
import { begin, type Key, pressed, type TopState } from "./top-state.ts"

const key = (name: string, more: Partial<Key> = {}): Key => ({ name, text: name, isControl: false, ...more })
const slash: Key = { name: undefined, text: "/", isControl: false }

function after(...keys: ReadonlyArray<Key>): TopState {
  return keys.reduce<TopState>((state, key) => {
    const next = pressed(state, key, 10)
    if (typeof next === "string") throw new Error(next)
    return next
  }, begin)
}

describe("pressed", () => {
  it("sorts by the key pressed, and the other way round by the same key again", () => {
    expect(after(key("w"))).toMatchObject({ sort: "wait", isReversed: false })
    expect(after(key("w"), key("w"))).toMatchObject({ sort: "wait", isReversed: true })
    expect(after(key("w"), key("w"), key("w"))).toMatchObject({ isReversed: false })
    expect(after(key("w"), key("w"), key("n"))).toMatchObject({ sort: "name", isReversed: false })
    expect(after(key("r"))).toMatchObject({ sort: "count", isReversed: true })
  })

  it("pauses, and goes on", () => {
    expect(after(key("p")).isPaused).toBe(true)
    expect(after(key("p"), key("space")).isPaused).toBe(false)
  })

  it("takes letters for the filter while it is typed, those of other keys too", () => {
    expect(after(slash, key("q"), key("w"), key("backspace"), key("p"))).toMatchObject({
      filter: "qp",
      sort: "count",
      isPaused: false,
    })
  })

  it("keeps a filter at enter, takes it back at escape, and clears it at escape later", () => {
    const typed = after(slash, key("a"), key("return"))
    expect(typed).toMatchObject({ filter: "a", typingOver: undefined })
    expect(after(slash, key("a"), key("return"), slash, key("b"), key("escape"))).toMatchObject({
      filter: "a",
      typingOver: undefined,
    })
    expect(after(slash, key("a"), key("return"), key("escape")).filter).toBe("")
  })

  it("takes no key that types nothing into the filter", () => {
    expect(after(slash, key("up", { text: "\u001b[A" }), key("x", { text: "\u0018", isControl: true })).filter).toBe("")
  })

  it("deletes whole characters", () => {
    expect(after(slash, key("a"), key("🚀"), key("backspace")).filter).toBe("a")
  })

  it("scrolls by lines and pages, not above the first row", () => {
    expect(after(key("down"), key("pagedown"), key("up")).top).toBe(10)
    expect(after(key("up")).top).toBe(0)
    expect(after(key("pagedown"), key("home")).top).toBe(0)
  })

  it("goes to the first row when order or filter change", () => {
    expect(after(key("pagedown"), key("w")).top).toBe(0)
    expect(after(key("pagedown"), slash).top).toBe(0)
  })

  it("quits by q and Ctrl-C, by the latter also while a filter is typed", () => {
    const control = (name: string) => key(name, { isControl: true })
    expect(pressed(begin, key("q"), 10)).toBe("quit")
    expect(pressed(after(slash), control("c"), 10)).toBe("quit")
    expect(pressed(begin, control("z"), 10)).toBe("suspend")
  })

  it("minds no other key", () => {
    expect(after(key("x"), key("f12"))).toBe(begin)
  })
})
