/** The page: what is clicked, what is shown, and one rendering at a time. */
import { run } from "@weft/core"
import { fitted } from "./canvas.ts"
import { FrameMeter } from "./frame-meter.ts"
import { Loom } from "./loom.ts"
import { type PaintedBand, type Picture, type View, wholeSet } from "./mandelbrot.ts"
import { Pause } from "./pause.ts"
import { render } from "./render.ts"
import { nameOf, Results } from "./results.ts"
import { Stripe } from "./stripe.ts"

const STEP = 1 / 3
const FRAME = 1_000 / 60

export function start(): void {
  new Page().start()
}

class Page {
  readonly #picture = byId<HTMLCanvasElement>("picture")
  readonly #progress = byId<HTMLProgressElement>("progress")
  readonly #stripe = new Stripe(byId("rows"))
  readonly #results = new Results(byId("results"))
  readonly #loom = new Loom(byId("loom"))
  readonly #meter = new FrameMeter()
  readonly #cores = Math.max(1, navigator.hardwareConcurrency)
  readonly #pause = new Pause()
  #view = wholeSet
  #threads = this.#cores
  #abort = new AbortController()
  #rendering: { readonly began: number; rows: number; readonly height: number } | undefined
  #frameBefore = 0
  /** Threads start with the first picture that is computed on them. */
  #isStarted = false

  start(): void {
    byId("memory").textContent = crossOriginIsolated
      ? "This page is cross-origin isolated: threads share memory, and wake each other by it."
      : "This page is not cross-origin isolated: threads share no memory, and messages do instead."
    this.#choices()
    this.#buttons()
    this.#keys()
    this.#loom.draw(0)
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#togglePause()
    requestAnimationFrame((now) => this.#frame(now))
    void this.#render()
  }

  // ---- a rendering

  async #render(): Promise<void> {
    this.#abort.abort()
    const abort = (this.#abort = new AbortController())
    const picture = this.#newPicture()
    const context = this.#picture.getContext("2d")!
    const threads = this.#threads
    this.#stripe.begin(picture.height)
    this.#say(`Rendering on ${nameOf(threads)}.`)
    // So that the press of the button is seen before the page stands still.
    await painted()
    if (abort.signal.aborted) return
    const began = performance.now()
    const rendering = (this.#rendering = { began, rows: 0, height: picture.height })
    this.#meter.begin(began)
    const draw = ({ pixels, rows, thread, y }: PaintedBand) => {
      context.putImageData(new ImageData(pixels, picture.width), 0, y)
      this.#stripe.rows(y, rows, thread)
      rendering.rows += rows
    }
    const { signal } = abort
    const rest = { picture, threads, cores: this.#cores, pause: this.#pause, draw }
    try {
      await run(() => render(rest), { signal, deadlock: "ignore" })
    } catch (error) {
      if (signal.aborted) return
      this.#say(String(error))
      throw error
    }
    const took = performance.now() - began
    await painted()
    if (signal.aborted) return
    this.#ended(threads, took)
  }

  #ended(threads: number, took: number): void {
    const { fps, frames, longest } = this.#meter.told(performance.now())
    this.#figures()
    this.#rendering = undefined
    this.#results.add({ threads, took, frames, fps, longest, isStart: threads > 0 && !this.#isStarted })
    this.#isStarted ||= threads > 0
    this.#say(
      `Rendered on ${nameOf(threads)} in ${took.toFixed(0)} ms; the longest frame took ${longest.toFixed(0)} ms.`,
    )
  }

  #newPicture(): Picture {
    fitted(this.#picture)
    const { height, width } = this.#picture
    return { view: this.#view, width, height }
  }

  // ---- frames

  #frame(now: number): void {
    this.#meter.frame(now)
    if (!this.#pause.isPaused) this.#loom.draw(Math.min(100, now - this.#frameBefore))
    this.#frameBefore = now
    this.#bars()
    this.#stripe.draw()
    this.#figures()
    requestAnimationFrame((next) => this.#frame(next))
  }

  #figures(): void {
    const rendering = this.#rendering
    if (rendering === undefined) return show("fps", this.#meter.fps.toFixed(0))
    const now = performance.now()
    const { longest } = this.#meter.told(now)
    this.#progress.value = rendering.rows / rendering.height
    show("threads", this.#threads === 0 ? "0" : String(this.#stripe.threads))
    show("rate", ((rendering.rows * 1_000) / (now - rendering.began)).toFixed(0))
    show("fps", this.#meter.fps.toFixed(0))
    show("longest", `${longest.toFixed(0)} ms`)
    byId("longest").classList.toggle("alarm", longest > 6 * FRAME)
  }

  #bars(): void {
    const canvas = byId<HTMLCanvasElement>("frames")
    const context = fitted(canvas)
    const { height, width } = canvas
    const style = getComputedStyle(canvas)
    const wide = width / 120
    context.clearRect(0, 0, width, height)
    this.#meter.last.forEach((millis, i) => {
      const tall = Math.min(height, (millis / FRAME) * (height / 3))
      context.fillStyle = style.getPropertyValue(millis > 3 * FRAME ? "--alarm" : "--accent")
      context.fillRect(i * wide, height - tall, wide * 0.7, tall)
    })
    context.fillStyle = style.getPropertyValue("--quiet")
    context.fillRect(0, height - height / 3, width, 1)
  }

  // ---- controls

  #choices(): void {
    const counts = [...new Set([1, 2, 4, 8, 16, this.#cores])].filter((n) => n <= this.#cores).toSorted((a, b) => a - b)
    byId("choices").replaceChildren(
      ...[0, ...counts].map((threads) => {
        const input = document.createElement("input")
        Object.assign(input, {
          type: "radio",
          name: "threads",
          value: String(threads),
          checked: threads === this.#threads,
        })
        input.addEventListener("change", () => {
          this.#threads = threads
          void this.#render()
        })
        const label = document.createElement("label")
        label.append(input, threads === 0 ? "The page itself" : nameOf(threads))
        return label
      }),
    )
  }

  #buttons(): void {
    byId("controls").addEventListener("submit", (event) => {
      event.preventDefault()
      void this.#render()
    })
    byId("pause").addEventListener("click", () => this.#togglePause())
    byId("in").addEventListener("click", () => this.#zoom(STEP))
    byId("out").addEventListener("click", () => this.#zoom(1 / STEP))
    byId("home").addEventListener("click", () => this.#show(wholeSet))
    this.#picture.addEventListener("click", ({ clientX, clientY, shiftKey }) => {
      const { height, left, top, width } = this.#picture.getBoundingClientRect()
      const re = this.#view.re + ((clientX - left) / width - 0.5) * this.#view.span
      const im = this.#view.im + ((clientY - top) / height - 0.5) * this.#view.span * (height / width)
      this.#show({ re, im, span: this.#view.span * (shiftKey ? 1 / STEP : STEP) })
    })
  }

  #keys(): void {
    const moves: Record<string, (view: View) => View> = {
      "+": (view) => ({ ...view, span: view.span * STEP }),
      "-": (view) => ({ ...view, span: view.span / STEP }),
      ArrowLeft: (view) => ({ ...view, re: view.re - view.span / 4 }),
      ArrowRight: (view) => ({ ...view, re: view.re + view.span / 4 }),
      ArrowUp: (view) => ({ ...view, im: view.im - view.span / 4 }),
      ArrowDown: (view) => ({ ...view, im: view.im + view.span / 4 }),
    }
    this.#picture.addEventListener("keydown", (event) => {
      const move = moves[event.key === "=" ? "+" : event.key]
      if (move === undefined) return
      event.preventDefault()
      this.#show(move(this.#view))
    })
  }

  #zoom(by: number): void {
    this.#show({ ...this.#view, span: this.#view.span * by })
  }

  #show(view: View): void {
    this.#results.clear()
    this.#view = { ...view, span: Math.min(8, Math.max(1e-12, view.span)) }
    void this.#render()
  }

  #togglePause(): void {
    this.#pause.toggle()
    const button = byId("pause")
    button.setAttribute("aria-pressed", String(this.#pause.isPaused))
    button.textContent = this.#pause.isPaused ? "Go on" : "Pause"
  }

  #say(text: string): void {
    byId("status").textContent = text
  }
}

/** The frame after the next has begun: whatever was changed is on the screen. */
const painted = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

function show(id: string, text: string): void {
  const element = byId(id)
  if (element.textContent !== text) element.textContent = text
}

function byId<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E
}
