import { describe, expect, it } from "vitest"
import { waiting } from "../../../test/cli/dumps.ts"
import type { ThreadLeaks } from "../../format/leaks.ts"
import { leaksText } from "./leaks-text.ts"
import { render } from "./paint.ts"
import { Places } from "./place.ts"

const speech = { places: new Places("/srv/shop"), hasThreads: false, columns: 100, valueColumns: 100 }
const forgetful = waiting(9, "chan receive", undefined, {
  name: "forgetful",
  stack: ["forgetful (/srv/shop/a.ts:3:4)"],
  startedAt: "leak (/srv/shop/a.ts:2:1)",
})
const text = (...threads: ReadonlyArray<Partial<ThreadLeaks>>) =>
  render(
    leaksText(
      {
        pid: 4242,
        threads: threads.map((thread, i) => ({
          thread: i,
          name: "main",
          checked: 12,
          leaked: [],
          suspects: [],
          suspectSeconds: 60,
          ...thread,
        })),
      },
      "server.ts",
      speech,
    ),
    false,
  )

describe("leaksText", () => {
  it("says for each leaked goroutine where it waited and was started, and what the check has done to it", () => {
    const shown = text({ leaked: [forgetful] })
    expect(shown).toContain("process 4242: server.ts\n12 waiting goroutines checked: 1 leaked, 0 suspects\n")
    expect(shown).toContain("LEAKED: 1 goroutine\n")
    expect(shown).toContain("finally blocks did not run")
    expect(shown).toContain(
      "goroutine 9 [chan receive, 60 s]: forgetful\n    at forgetful (a.ts:3:4)\n  started at leak (a.ts:2:1)",
    )
  })

  it("keeps suspects apart, and says that they may be innocent", () => {
    const shown = text({ suspects: [forgetful] })
    expect(shown).not.toContain("LEAKED")
    expect(shown).toContain(
      "SUSPECTS: 1 goroutine\nSomething can still wake them, but they have waited for longer than 60 s.",
    )
  })

  it("says that there is none only where it could look", () => {
    expect(text({})).toContain("No leak:")
    const failed = text({ failed: "it has no garbage collector to call" })
    expect(failed).not.toContain("No leak:")
    expect(failed).toContain("Thread main could not be checked: it has no garbage collector to call")
  })

  it("says of a parent only its number: the report does not have it", () => {
    expect(text({ leaked: [{ ...forgetful, parent: 1 }] })).toMatch(/by goroutine 1$/)
  })

  it("counts all threads together", () => {
    expect(text({ leaked: [forgetful] }, { leaked: [forgetful] })).toContain(
      "24 waiting goroutines checked in 2 threads: 2 leaked",
    )
  })
})
