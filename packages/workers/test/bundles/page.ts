/**
 * A built app as a page of Chromium's: served from its folder with the headers that are asked for, until its program has put its report into the title.
 */
import { createReadStream, existsSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"
import { type Browser, chromium } from "playwright"
import { findChromium } from "../../../../scripts/chromium.ts"

export type Headers = Readonly<Record<string, string>>

/** Without these a page has no SharedArrayBuffer. */
export const isolated: Headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
}

/** A page may take long on a busy machine: this only ends one that hangs, before its test's own limit, so that it is said what the page complains of. */
export const HANGS = 300_000

export const executablePath = findChromium()

const flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath!,
    args: [...flags, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  })
}

/** What the page at `url` reports: its title once it has changed twice; or what it complains of. */
export async function reportOf(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage()
  page.setDefaultTimeout(HANGS)
  const complaints: Array<string> = []
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text())
  })
  try {
    await page.goto(url)
    await page.waitForFunction(
      () => !["", "started"].includes((globalThis as unknown as { document: { title: string } }).document.title),
    )
    return await page.title()
  } catch (error) {
    throw new Error(`${url} has reported nothing: ${complaints.join("; ")}`, { cause: error })
  } finally {
    await page.close()
  }
}

export interface Site extends AsyncDisposable {
  readonly url: string
}

export async function serve(folder: string, headers: Headers): Promise<Site> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname)
    send(response, join(folder, path === "/" ? "index.html" : path), headers)
  })
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
}

function send(response: ServerResponse, file: string, headers: Headers): void {
  if (!existsSync(file)) return void response.writeHead(404).end()
  response.writeHead(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream" })
  createReadStream(file).pipe(response)
}
