import { describe, expect, it } from "vitest"
import { age, bytes, count, millis, number, percent, uptime } from "./quantity.ts"

describe("quantities", () => {
  it.each([
    [0, "0 ms"],
    [999.9, "999 ms"],
    [1000, "1 s"],
    [119_999, "119 s"],
    [120_000, "2 minutes"],
    [7_199_000, "119 minutes"],
    [7_200_000, "2 hours"],
    [172_800_000, "2 days"],
  ])("says an age of %d ms in one unit, rounded down", (millis, text) => {
    expect(age(millis)).toBe(text)
  })

  it.each([
    [0, "0s"],
    [59.9, "59s"],
    [61, "1m01s"],
    [3725, "1h02m"],
    [93_784, "1d02h"],
  ])("says an uptime of %d s in two units", (seconds, text) => {
    expect(uptime(seconds)).toBe(text)
  })

  it.each([
    [999, "999 B"],
    [1000, "1.0 kB"],
    [12_345_678, "12 MB"],
    [4.2e15, "4200 TB"],
  ])("says %d bytes in powers of 1,000", (n, text) => {
    expect(bytes(n)).toBe(text)
  })

  it("groups the digits, and counts one thing as one", () => {
    expect([number(999), number(1000), number(1_234_567)]).toEqual(["999", "1,000", "1,234,567"])
    expect([count(1, "goroutine"), count(0, "goroutine"), count(2000, "goroutine")]).toEqual([
      "1 goroutine",
      "0 goroutines",
      "2,000 goroutines",
    ])
  })

  it("gives small times a decimal, and shares in percent", () => {
    expect([millis(3.24), millis(32.4), millis(0)]).toEqual(["3.2 ms", "32 ms", "0 ms"])
    expect(percent(0.256)).toBe("26 %")
  })
})
