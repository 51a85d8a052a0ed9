/**
 * Who may connect where pages are waited for. It is a server of its own, apart from the page of `weft ui`: that one answers no foreign origin, and this one tells nobody anything.
 *
 *   1. `Host` must be ours, against foreign names that were made to point to 127.0.0.1.
 *   2. `Origin`, which no page can make up, must be of this machine or one that was allowed.
 *   3. The key, in the hello, must be the one that was printed: other pages of this machine don't know it.
 */
import { createHash, timingSafeEqual } from "node:crypto"

export class PageGuard {
  readonly #hosts: ReadonlySet<string>
  readonly #allowed: ReadonlySet<string>
  readonly #key: Buffer

  constructor(port: number, key: string, allowed: Iterable<string>) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
    this.#allowed = new Set(allowed)
    this.#key = digest(key)
  }

  isOurs(host: string | undefined): boolean {
    return this.#hosts.has(host ?? "")
  }

  isAllowed(origin: string | undefined): origin is string {
    return origin !== undefined && (this.#allowed.has(origin) || isOfThisMachine(origin))
  }

  isKey(key: unknown): boolean {
    return timingSafeEqual(digest(String(key)), this.#key)
  }
}

/** "http://localhost:5173": what the Origin header of a page says; "null", that of a file or a sandbox, is one too. */
export function originOf(text: string): string | undefined {
  if (text === "null") return text
  try {
    const { origin, protocol } = new URL(text)
    return protocol === "http:" || protocol === "https:" ? origin : undefined
  } catch {
    return undefined
  }
}

function isOfThisMachine(origin: string): boolean {
  if (originOf(origin) !== origin || origin === "null") return false
  const { hostname } = new URL(origin)
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "127.0.0.1" || hostname === "[::1]"
}

/** Of one length, so that comparing takes the same time whatever was sent. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
