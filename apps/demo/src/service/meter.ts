/** What the customers have seen in the last few seconds. */
export interface Sample {
  /** `GET /quote` */
  readonly route: string
  readonly millis: number
  readonly isGood: boolean
}

export interface Figures {
  /** A second. */
  readonly rate: number
  readonly p50: number
  readonly p95: number
  /** Answers other than 200, a second. */
  readonly refused: number
}

const WINDOW_MILLIS = 4000

export class Meter {
  #samples: Array<Sample & { readonly at: number }> = []

  add(sample: Sample): void {
    this.#samples.push({ ...sample, at: performance.now() })
  }

  /** Of all routes, then of each. */
  read(): { readonly all: Figures; readonly routes: Readonly<Record<string, Figures>> } {
    const since = performance.now() - WINDOW_MILLIS
    this.#samples = this.#samples.filter(({ at }) => at >= since)
    const byRoute = Object.groupBy(this.#samples, ({ route }) => route)
    const routes = Object.entries(byRoute).map(([route, samples]) => [route, figures(samples ?? [])] as const)
    return { all: figures(this.#samples), routes: Object.fromEntries(routes) }
  }
}

function figures(samples: ReadonlyArray<Sample>): Figures {
  const millis = samples.map((sample) => sample.millis).sort((a, b) => a - b)
  const at = (part: number) => millis[Math.max(0, Math.ceil(part * millis.length) - 1)] ?? 0
  const perSecond = 1000 / WINDOW_MILLIS
  return {
    rate: samples.length * perSecond,
    p50: at(0.5),
    p95: at(0.95),
    refused: samples.filter(({ isGood }) => !isGood).length * perSecond,
  }
}
