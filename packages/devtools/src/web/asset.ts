/** A file of the page. */
export interface Asset {
  readonly type: string
  readonly body: Uint8Array
}

/** By path: "/", "/main.js". */
export type Assets = ReadonlyMap<string, Asset>

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
}

export function asset(name: string, body: Uint8Array): [path: string, Asset] {
  const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream"
  return [name === "index.html" ? "/" : `/${name}`, { type, body }]
}
