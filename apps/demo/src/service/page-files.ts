/** The service's own page. */
import { readFileSync } from "node:fs"
import type { ServerResponse } from "node:http"

const read = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url))

const files: Readonly<Record<string, readonly [type: string, body: Buffer]>> = {
  "GET /": ["text/html; charset=utf-8", read("index.html")],
  "GET /page.js": ["text/javascript; charset=utf-8", read("page.js")],
  "GET /style.css": ["text/css; charset=utf-8", read("style.css")],
}

/** Whether it was one of them. */
export function pageFile(route: string, response: ServerResponse): boolean {
  const file = files[route]
  if (file === undefined) return false
  const [type, body] = file
  const only = "default-src 'self'; img-src data:; frame-ancestors 'none'"
  response.writeHead(200, { "content-type": type, "content-security-policy": only }).end(body)
  return true
}
