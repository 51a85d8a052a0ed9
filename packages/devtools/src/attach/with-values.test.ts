import { describe, expect, it } from "vitest"
import { madeUp } from "../../test/cli/made-up.ts"
import { withValues } from "./with-values.ts"

describe("withValues", () => {
  it("asks for values in the place of who does not, and leaves the rest as it is", async () => {
    const asked: Array<unknown> = []
    const refuse = (what: unknown) => {
      asked.push(what)
      return Promise.reject(new Error("asked"))
    }
    const attached = madeUp(7, { dump: refuse, trace: refuse, leaks: refuse })
    const values = { redact: ["iban"] }
    const shown = withValues(attached, values)
    for (const ask of [
      () => shown.dump(),
      () => shown.trace({ ops: false, bufferBytes: 1 }, () => undefined),
      () => shown.leaks({ suspectSeconds: 3 }),
    ])
      await expect(ask()).rejects.toThrow("asked")
    expect(asked).toEqual([{ values }, { ops: true, bufferBytes: 1, values }, { suspectSeconds: 3 }])
    expect(shown.pid).toBe(7)
  })
})
