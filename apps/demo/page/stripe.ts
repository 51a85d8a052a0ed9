/** Stripe: a colour for each row, by the thread that has computed it. */
const COLOURS = ["#0b8f95", "#d98236", "#8c3b63", "#4d7fc4", "#c2a63a", "#6a9c4e", "#b04f3e", "#7a6bb0"]

export class Stripe {
  readonly #canvas: HTMLCanvasElement
  /** By its number: threads are coloured in the order in which they come. */
  readonly #places = new Map<number, number>()
  readonly #seen = new Set<number>()
  #rows: Array<string | undefined> = []
  #isStale = true

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  /** How many have computed any row of this picture. */
  get threads(): number {
    return this.#seen.size
  }

  begin(rows: number): void {
    this.#rows = new Array<string | undefined>(rows)
    this.#seen.clear()
    this.#isStale = true
  }

  rows(y: number, rows: number, thread: number): void {
    const place = this.#places.get(thread) ?? this.#places.size
    this.#places.set(thread, place)
    this.#seen.add(thread)
    this.#rows.fill(COLOURS[place % COLOURS.length], y, y + rows)
    this.#isStale = true
  }

  draw(): void {
    if (!this.#isStale) return
    this.#isStale = false
    this.#canvas.width = 1
    this.#canvas.height = this.#rows.length
    const context = this.#canvas.getContext("2d")!
    this.#rows.forEach((colour, y) => {
      if (colour === undefined) return
      context.fillStyle = colour
      context.fillRect(0, y, 1, 1)
    })
  }
}
