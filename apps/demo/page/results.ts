/** Results: how the last picture came about on each number of threads, one under the other. */
interface Result {
  readonly threads: number
  readonly took: number
  readonly frames: number
  readonly fps: number
  readonly longest: number
  /** They were started for it. */
  readonly isStart: boolean
}

export class Results {
  readonly #body: HTMLElement
  readonly #results = new Map<number, Result>()

  constructor(body: HTMLElement) {
    this.#body = body
  }

  /** Another picture takes another time. */
  clear(): void {
    this.#results.clear()
  }

  add(result: Result): void {
    this.#results.set(result.threads, result)
    const sorted = [...this.#results.values()].toSorted((a, b) => a.threads - b.threads)
    this.#body.replaceChildren(...sorted.map((each) => row(each)))
  }
}

function row({ fps, frames, isStart, longest, threads, took }: Result): HTMLTableRowElement {
  const line = document.createElement("tr")
  line.dataset["frames"] = String(frames)
  const head = document.createElement("th")
  head.scope = "row"
  head.textContent = isStart ? `${nameOf(threads)}, and their start` : nameOf(threads)
  line.append(head)
  for (const text of [`${took.toFixed(0)} ms`, fps.toFixed(0), `${longest.toFixed(0)} ms`])
    line.insertCell().textContent = text
  if (longest > 100) line.cells[3]!.className = "alarm"
  return line
}

export function nameOf(threads: number): string {
  if (threads === 0) return "the page itself"
  return threads === 1 ? "1 thread" : `${threads} threads`
}
