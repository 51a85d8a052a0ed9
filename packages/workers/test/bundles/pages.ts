import { expect } from "vitest"
import type { Browser } from "playwright"
import { bundledReported } from "./expected.ts"
import { type Headers, isolated, reportOf, serve } from "./page.ts"

/** Looks at a built page cross-origin isolated, and not: there threads share no memory. */
export async function expectBothPages(browser: Browser, folder: string): Promise<void> {
  const look = async (headers: Headers) => {
    await using site = await serve(folder, headers)
    return JSON.parse(await reportOf(browser, site.url)) as unknown
  }
  const [withMemory, without] = await Promise.all([look(isolated), look({})])
  expect(withMemory).toEqual({ isIsolated: true, ...bundledReported })
  expect(without).toEqual({ isIsolated: false, ...bundledReported })
}
