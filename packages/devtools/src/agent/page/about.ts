/** What a page, or a worker of one, says of itself. */
import type { Hello } from "../../format/wire.ts"

interface Page {
  readonly document?: { readonly title: string }
  readonly name?: string
  readonly navigator: {
    readonly hardwareConcurrency?: number
    readonly userAgent: string
    readonly userAgentData?: { readonly brands: ReadonlyArray<{ readonly brand: string; readonly version: string }> }
  }
}

const page = globalThis as unknown as Page

export function about(token: string, thread: number): Hello {
  const { document, name } = page
  const isPage = document !== undefined
  return {
    token,
    pid: 0,
    thread,
    name: threadName(thread),
    title: (isPage ? document.title : name) || location.pathname,
    argv: [location.href],
    runtime: browser(page.navigator),
    host: location.host,
    cores: page.navigator.hardwareConcurrency ?? 1,
    uptimeSeconds: performance.now() / 1000,
    zero: performance.timeOrigin,
  }
}

export const threadName = (thread: number): string =>
  page.document !== undefined ? "page" : page.name || `worker ${thread}`

/** "Chromium 146" */
function browser({ userAgent, userAgentData }: Page["navigator"]): string {
  // One brand is made up, so that nobody counts on which there are.
  const real = userAgentData?.brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand)) ?? []
  const brand = real.find(({ brand }) => brand !== "Chromium") ?? real[0]
  if (brand !== undefined) return `${brand.brand} ${brand.version}`
  const [, name, version] = /(Firefox|Version)\/(\d+)/.exec(userAgent) ?? []
  return name === undefined ? "browser" : `${name === "Version" ? "Safari" : name} ${version}`
}
