/**
 * Guard: who may ask the server.
 *
 * Loopback is no border: any page that the user has open can make the browser ask 127.0.0.1, and any user of the machine can. So
 *   1. `Host` must be ours: a foreign name that was made to point to 127.0.0.1 (DNS rebinding) still stands there.
 *   2. `Origin`, where there is one, must be ours.
 *   3. What tells anything of the process needs the token, in a header that no foreign page can set without being asked first (CORS), which we refuse.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { TOKEN_HEADER } from "./api.ts"

export interface Refused {
  readonly status: 401 | 403 | 421
  readonly error: string
}

export class Guard {
  readonly token: string = randomBytes(24).toString("base64url")
  readonly #digest = digest(this.token)
  readonly #hosts: ReadonlySet<string>

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  }

  /** Why this request gets no answer, if so. */
  refuse(headers: Readonly<Record<string, string | undefined>>, needsToken: boolean): Refused | undefined {
    if (!this.#hosts.has(headers["host"] ?? "")) {
      return { status: 421, error: "This server answers to 127.0.0.1 and localhost only." }
    }
    const origin = headers["origin"]
    if (origin !== undefined && !this.#isOurs(origin)) return { status: 403, error: "Another site may not ask." }
    if (needsToken && !this.#matches(headers[TOKEN_HEADER] ?? "")) {
      return { status: 401, error: "The token is missing or wrong; open the address that `weft ui` printed." }
    }
    return undefined
  }

  #isOurs(origin: string): boolean {
    return origin.startsWith("http://") && this.#hosts.has(origin.slice("http://".length))
  }

  /** Digests are of one length, so the comparison takes the same time whatever was sent. */
  #matches(token: string): boolean {
    return timingSafeEqual(digest(token), this.#digest)
  }
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
