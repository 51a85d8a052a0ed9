/** Lets `weft ui --pages` look at this page, or at this worker of one. */
import { nobodyThere } from "./pages/nobody-there.ts"

/**
 * A connection to `weft ui --pages`.
 *
 * @since 0.3.0
 */
export interface Connected {
  /** For workers of this page: those that `connect` to it are shown as its threads. */
  readonly address: string
  /** Settles when it is closed, from either side; says why. */
  readonly closed: Promise<string>
  /** Takes the agent away. */
  close(): void
}

/**
 * Why a page can't be looked at, and what to do about it.
 *
 * @since 0.3.0
 */
export class CannotConnect extends Error {
  override readonly name = "CannotConnect"
  readonly address: string
  readonly reason: string

  constructor(address: string, reason: string) {
    super(`weft: can't connect to ${address}: ${reason}`)
    this.address = address
    this.reason = reason
  }
}

interface Agent {
  connect(this: void, address: string): Promise<Connected>
}

/**
 * Connects this page to `weft ui --pages`, which then shows its goroutines as those of a process. `address` is the one that the command prints. In a worker it connects that thread.
 *
 * Laws
 * - The page is looked at, and nothing that it does is changed.
 * - The agent comes from the command, so both are of one version; only this function is in the bundle.
 * - `close`, or the end of the command, removes all of it.
 *
 * Errors: {@link CannotConnect}: nobody listens, this page's origin is not allowed, its Content-Security-Policy forbids it.
 *
 * @example
 * if (location.hostname === "localhost") connect("http://127.0.0.1:9339/#key").catch(console.warn)
 *
 * @since 0.3.0
 */
export async function connect(address: string): Promise<Connected> {
  if (!URL.canParse(address))
    throw new CannotConnect(address, "that is no address; copy the one that weft ui --pages prints")
  const { origin } = new URL(address)
  const shown = address.replace(/#.*/, "")
  const policy = new PolicyWatch()
  try {
    const agent = (await import(/* @vite-ignore */ /* webpackIgnore: true */ `${origin}/agent.js`)) as Agent
    return await agent.connect(address)
  } catch (error) {
    const forbidden = await policy.directive()
    if (forbidden !== undefined)
      throw new CannotConnect(
        shown,
        `the Content-Security-Policy of this page forbids it (${forbidden}); while developing, allow ${origin} in its script-src, and ${origin.replace(/^http/, "ws")} in its connect-src`,
      )
    throw new CannotConnect(
      shown,
      error instanceof Error && !(error instanceof TypeError)
        ? error.message
        : `${nobodyThere(origin)}, then reload this page`,
    )
  } finally {
    policy.close()
  }
}

/** As much of the web as is needed: sources must compile under Node's types as well. */
interface Scope {
  addEventListener(event: string, listener: (event: Violation) => void): void
  removeEventListener(event: string, listener: (event: Violation) => void): void
}

interface Violation {
  readonly effectiveDirective: string
}

const event = "securitypolicyviolation"
/** The browser tells of it a little later than it refuses. */
const laterMillis = 100

class PolicyWatch {
  readonly #scope = globalThis as unknown as Scope
  #directive: string | undefined
  readonly #listener = ({ effectiveDirective }: Violation): void => {
    this.#directive = effectiveDirective
  }

  constructor() {
    this.#scope.addEventListener(event, this.#listener)
  }

  async directive(): Promise<string | undefined> {
    await new Promise((resolve) => setTimeout(resolve, laterMillis))
    return this.#directive
  }

  close(): void {
    this.#scope.removeEventListener(event, this.#listener)
  }
}
