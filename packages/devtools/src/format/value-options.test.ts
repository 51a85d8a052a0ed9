import { describe, expect, it } from "vitest"
import { keysIn, wantedValues } from "./value-options.ts"

describe("wantedValues", () => {
  it("are none unless they are asked for", () => {
    expect(wantedValues(undefined)).toBeUndefined()
    expect(wantedValues(false)).toBeUndefined()
    expect(wantedValues(true)).toEqual({ redact: [], maxLength: 200 })
    expect(wantedValues({ redact: ["iban"] })).toEqual({ redact: ["iban"], maxLength: 200 })
  })

  it("refuse what can't be meant: a secret must not be shown as its key was misspelt", () => {
    for (const maxLength of [0, -1, 1.5, NaN, 10_001]) expect(() => wantedValues({ maxLength })).toThrow(RangeError)
    for (const redact of ["iban", [""], [1], Array.from({ length: 201 }, () => "a")])
      expect(() => wantedValues({ redact: redact as Array<string> })).toThrow(TypeError)
  })

  it("take a list as it is typed", () => {
    expect(keysIn(" iban, ,phone")).toEqual(["iban", "phone"])
  })
})
