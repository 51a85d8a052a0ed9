/** The browser of these tests. */
import { type Browser, chromium, type Page } from "playwright"
import { findChromium } from "../../../../../scripts/chromium.ts"

export const chromiumPath: string | undefined = findChromium()

if (chromiumPath === undefined) {
  console.log("No Chromium here, so the pages of the devtools are not tested; install it, or set CHROMIUM to its path.")
}

export function launch(): Promise<Browser> {
  const args = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
  if (process.getuid?.() === 0) args.push("--no-sandbox")
  return chromium.launch({ executablePath: chromiumPath!, args })
}

export interface OpenedPage {
  readonly page: Page
  /** What the page complained about. */
  readonly errors: Array<string>
  /** Every address that it asked for. */
  readonly asked: Array<string>
}

export async function openPage(
  browser: Browser,
  options?: { readonly scheme?: "light" | "dark"; readonly width?: number; readonly height?: number },
): Promise<OpenedPage> {
  const { height = 860, scheme = "light", width = 1_400 } = options ?? {}
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
  })
  const page = await context.newPage()
  const errors: Array<string> = []
  const asked: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text())
  })
  page.on("pageerror", (error) => errors.push(String(error)))
  page.on("request", (request) => asked.push(request.url()))
  return { page, errors, asked }
}
