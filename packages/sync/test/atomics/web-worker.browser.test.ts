/** Atomics between a page and its Web Workers. vitest.config.ts serves the page with the headers that this takes. */
import { expect, it } from "vitest"
import { AtomicInt32 } from "@weft/sync"

it("has a page that is cross-origin isolated", () => {
  expect(crossOriginIsolated).toBe(true)
})

it("counts exactly, on a page and in two workers", async () => {
  const times = 10_000
  const counter = new AtomicInt32()
  const workers = [0, 1].map(() => new Worker(new URL("./add-many.browser.ts", import.meta.url), { type: "module" }))
  const done = workers.map((worker) => new Promise((resolve) => worker.addEventListener("message", resolve)))
  for (const worker of workers) worker.postMessage({ counter: counter.share(), times })
  for (let i = 0; i < times; i++) counter.add(1)
  await Promise.all(done)
  for (const worker of workers) worker.terminate()
  expect(counter.load()).toBe(3 * times)
})
