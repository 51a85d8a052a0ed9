/** Stands in for `agent/node.ts` in pages and their workers: as much of Node's modules as the agent's parts need that run there too. */

/** Taken once, when the agent comes: the page may put fakes in their place. */
const { clearInterval, clearTimeout, setInterval, setTimeout } = globalThis

class Timer {
  readonly number: unknown
  constructor(number: unknown) {
    this.number = number
  }
  /** Timers keep no page up. */
  unref(): this {
    return this
  }
}

const turns: Array<() => void> = []
const channel = new MessageChannel()
channel.port1.onmessage = () => turns.shift()?.()

interface PageNode {
  readonly performance: { readonly performance: Pick<Performance, "now" | "timeOrigin"> }
  readonly timers: {
    setTimeout(f: () => void, millis: number): Timer
    clearTimeout(timer: Timer): void
    setInterval(f: () => void, millis: number): Timer
    clearInterval(timer: Timer): void
    /** A message to oneself: browsers put off nested timers, and those of hidden pages, but not messages. */
    setImmediate(f: () => void): void
  }
}

export const node: PageNode = {
  performance: { performance: globalThis.performance },
  timers: {
    setTimeout: (f, millis) => new Timer(setTimeout(f, millis)),
    clearTimeout: (timer) => clearTimeout(timer.number as number),
    setInterval: (f, millis) => new Timer(setInterval(f, millis)),
    clearInterval: (timer) => clearInterval(timer.number as number),
    setImmediate: (f) => {
      turns.push(f)
      channel.port2.postMessage(undefined)
    },
  },
}
