import { codec, spread } from "@weft/channels"
import { describe, expect, it } from "vitest"
import { codecNamed } from "./shared.ts"

describe("a codec's name", () => {
  it.each([
    codec.f64,
    codec.i32,
    codec.u32,
    codec.i64,
    codec.bool,
    codec.bytes(7),
    codec.utf8(20),
    codec.json(64),
    codec.struct({}),
    spread(codec.utf8(1000), 64),
    codec.struct({ x: codec.f64, label: codec.utf8(20), inner: codec.struct({ flag: codec.bool, n: codec.i64 }) }),
  ])("says how to make it again: $name", ({ bytes, name }) => {
    expect(codecNamed(name)).toMatchObject({ bytes, name })
  })

  it.each([
    "schema:json(64)",
    "struct(a b:f64)",
    "f64,f64",
    "utf8",
    "struct(x:f64",
    "spread(utf8(20))",
    "spread(schema:json(64),8)",
    "",
    "f65",
  ])("of code, or of what is none, is refused: %j", (name) => {
    expect(() => codecNamed(name)).toThrow("a shared channel of codec")
  })
})
