import { describe, expect, it } from "vitest"
import { loadWithoutRuns } from "./load-without-runs.ts"
import { run } from "./run-main.ts"

function settledLater() {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => (resolve = settle))
  return { promise, resolve: () => resolve() }
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve))

describe("loadWithoutRuns", () => {
  it("starts no run before the module is loaded, and any afterwards", async () => {
    const loaded = settledLater()
    const started: Array<string> = []
    const start = (name: string) =>
      run(function* () {
        started.push(name)
      })
    const loading = loadWithoutRuns(loaded.promise)
    await turn() // the module waits for something else first
    void start("of the module")
    void start("of the module, in the same turn")
    await turn()
    expect(started).toEqual([])
    loaded.resolve()
    await loading
    await start("afterwards")
    expect(started).toEqual(["afterwards"])
  })

  it("starts runs again when the module waits for one that was held back", async () => {
    const started: Array<string> = []
    const start = (name: string) =>
      run(function* () {
        started.push(name)
      })
    const loading = loadWithoutRuns(new Promise(() => undefined))
    void start("held back")
    await loading
    await start("of a task")
    expect(started.at(-1)).toBe("of a task")
    expect(started).not.toContain("held back")
  })

  it("lets goroutines run meanwhile", () =>
    run(function* () {
      const loaded = settledLater()
      const loading = loadWithoutRuns(loaded.promise)
      const answer = run(function* () {
        return 42
      })
      loaded.resolve()
      return Promise.all([answer, loading])
    }).then(async (all) => expect(await all).toEqual([42, "to its end"])))
})
