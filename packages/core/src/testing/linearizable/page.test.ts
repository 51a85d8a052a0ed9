import { expect, it } from "vitest"
import { linearizable } from "./linearizable.ts"
import type { Model } from "./model.ts"
import type { Operation } from "./operation.ts"

/** What a user's values may hold: they must end up as text. */
const hostile = `</style><script>alert("1")</script><img src=x onerror='alert(2)'>&amp;`

const echo: Model<string, readonly ["say", string], string> = {
  initial: () => hostile,
  step: (state, [, text]) => ({ result: text, state }),
}

function pageOf(history: ReadonlyArray<Operation<readonly ["say", string], string>>): string {
  const verdict = linearizable(echo, history)
  return verdict.ok ? "" : verdict.html()
}

const wrong: Operation<readonly ["say", string], string> = {
  client: hostile,
  call: ["say", hostile],
  called: 1,
  returned: 4,
  result: "something else",
}

it("has all that the user brought as text, never as markup", () => {
  const html = pageOf([wrong])
  expect(html).toContain("&lt;img src=x")
  expect(html).not.toContain("<script")
  expect(html).not.toContain("<img")
  // The one style is the page's own.
  expect(html.match(/<style/g)).toHaveLength(1)
  expect(html.match(/<\/style/g)).toHaveLength(1)
})

it("needs nothing from anywhere, and allows nothing but its own style", () => {
  const html = pageOf([wrong])
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  expect(html).not.toMatch(/(src|href)="(?!#)/)
  expect(html).not.toMatch(/url\(|@import/)
})

it("shows the window, and every operation of the history around it, each with its part in it", () => {
  const before = { client: "a", call: ["say", "x"], called: 0, returned: 2, result: "x" } as const
  const after = { client: "a", call: ["say", "y"], called: 5 } as const
  const html = pageOf([before, wrong, after])
  const [window, history] = html.split("The history around it") as [string, string]
  const barsOf = (part: string) => [...part.matchAll(/class="bar ([a-z ]+)"/g)].map(([, kinds]) => kinds)
  expect(barsOf(window)).toEqual(["inside", "culprit"])
  expect(barsOf(history)).toEqual(["inside", "outside open", "culprit"])
  expect(history).toContain("called at 0, returned at 2")
  expect(history).toContain("called at 5, not returned by then")
})
