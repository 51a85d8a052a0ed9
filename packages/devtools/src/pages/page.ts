/** A page that has connected, as something to look at: what its threads say, put together as for a process. */
import type { Attached, RunningTrace, TraceRequest } from "../attach/attached.ts"
import { Attachment } from "../attach/attachment.ts"
import type { ThreadLink } from "../attach/thread-link.ts"
import type { ProcessDump } from "../format/dump.ts"
import type { ProcessLeaks } from "../format/leaks.ts"
import type { ProcessStats } from "../format/stats.ts"
import { PageSourceMaps } from "./page-source-maps.ts"

/** How long a page may take to answer whoever waits for it: one that is paused in a debugger, frozen or busy does not. */
const patienceMillis = 15_000
/** How long it has to take the agent away. */
const partingMillis = 1000

export class Page implements Attached {
  /** Its number: that of the page's process is nobody's to know. */
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly runtime: string
  readonly inspectorOpenMillis = 0
  readonly ended: Promise<string>
  readonly url: string
  readonly connectedAt: number = Date.now()
  /** Why nothing more is to come of it. */
  endedBecause: string | undefined
  readonly #attachment: Attachment
  readonly #links: Set<ThreadLink>

  constructor(main: ThreadLink, links: Set<ThreadLink>, origin: string) {
    const { argv, pid, runtime, title } = main.hello
    this.pid = pid
    this.title = title
    this.argv = argv
    this.runtime = runtime
    this.url = argv[0] ?? origin
    this.#links = links
    const close = (): void => {
      for (const link of links) link.close()
    }
    this.#attachment = new Attachment(main, links, new PageSourceMaps(origin), { close, unref: () => undefined })
    this.ended = this.#attachment.ended.then((why) => {
      this.endedBecause = why === "detached" ? why : "the page was closed or reloaded, or has left"
      return this.endedBecause
    })
  }

  /** Workers that have connected, and the page itself. */
  get threads(): number {
    return this.#links.size
  }

  /** A worker of the page has connected. */
  added(link: ThreadLink): void {
    this.#attachment.added(link)
  }

  async dump(options?: Parameters<Attached["dump"]>[0]): Promise<ProcessDump> {
    refuseValues(options)
    return this.#patiently(this.#attachment.dump())
  }

  /** Waits for as long as it takes: it is asked again and again, and goes on when the page does. */
  stats(): Promise<ProcessStats> {
    return this.#attachment.stats()
  }

  leaks(options?: { readonly suspectSeconds?: number }): Promise<ProcessLeaks> {
    return this.#patiently(this.#attachment.leaks(options))
  }

  async trace(request: TraceRequest, onBytes: (bytes: Uint8Array) => void | Promise<void>): Promise<RunningTrace> {
    refuseValues(request)
    const running = await this.#patiently(this.#attachment.trace(request, onBytes))
    return { stop: () => this.#patiently(running.stop()) }
  }

  /** The page may answer later; nobody has to wait for it. */
  async #patiently<A>(answer: Promise<A>): Promise<A> {
    if (this.endedBecause !== undefined) throw new Error(`weft: ${this.endedBecause}`)
    let timer: NodeJS.Timeout | undefined
    const tired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(silent)), patienceMillis)
    })
    try {
      return await Promise.race([answer, tired, this.ended.then((why) => Promise.reject(new Error(`weft: ${why}`)))])
    } finally {
      clearTimeout(timer)
      // Nobody waits for it any more.
      answer.catch(() => undefined)
    }
  }

  /** Whether it answers or not. */
  async detach(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tired = new Promise<void>((resolve) => (timer = setTimeout(resolve, partingMillis)))
    await Promise.race([this.#attachment.detach(), tired, this.ended])
    clearTimeout(timer)
    for (const link of this.#links) link.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach()
  }
}

/** `util.types` has no like in browsers. */
function refuseValues(options: Parameters<Attached["dump"]>[0]): void {
  if (options?.values === undefined || options.values === false) return
  throw new Error(
    "weft: values of messages can't be shown of a page: it can't tell a Proxy from an object, and to read one would run code of the page's; ask without values",
  )
}

const silent = `weft: the page has not answered for ${patienceMillis / 1000} s; is it busy, paused in a debugger, or put to sleep by the browser? Bring it to the front, then try again`
