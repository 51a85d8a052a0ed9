/**
 * A dump on its way to the page: lines of JSON, none of them long, as a million goroutines in one text are longer than a string can be, and reading it would keep the page standing.
 *
 * What many goroutines have in common (names, places, stacks) is sent once, before whoever has it, and is one value in the page again.
 */
import type { GoroutineDump, ProcessDump, ThreadDump } from "../format/dump.ts"

const perLine = 1000
const texts = ["name", "reason", "detail", "startedAt"] as const

type Sent = Omit<GoroutineDump, (typeof texts)[number] | "stack"> &
  Partial<Record<(typeof texts)[number], number>> & { readonly stack: number }

type Line =
  | Omit<ProcessDump, "threads">
  | { readonly texts: ReadonlyArray<string> }
  | { readonly stacks: ReadonlyArray<ReadonlyArray<string>> }
  | { readonly objects: ThreadDump["objects"] }
  /** Of the thread that was begun last. */
  | { readonly goroutines: ReadonlyArray<Sent> }
  | { readonly begun: Omit<ThreadDump, "goroutines" | "objects"> }

/** Each with a line feed. */
export function* dumpLines({ threads, ...about }: ProcessDump): Generator<string, void> {
  const line = (value: Line): string => `${JSON.stringify(value)}\n`
  yield line(about)
  const numbers = new Numbers()
  for (const { goroutines, objects, ...thread } of threads) {
    yield line({ begun: thread })
    for (let at = 0; at < objects.length; at += perLine) yield line({ objects: objects.slice(at, at + perLine) })
    for (let at = 0; at < goroutines.length; at += perLine) {
      const sent = goroutines.slice(at, at + perLine).map((goroutine) => numbers.of(goroutine))
      const { stacks, texts } = numbers.takeNew()
      if (texts.length > 0) yield line({ texts })
      if (stacks.length > 0) yield line({ stacks })
      yield line({ goroutines: sent })
    }
  }
}

class Numbers {
  readonly #texts = new Map<string, number>()
  /** By identity: whoever has the same stack has the same array. */
  readonly #stacks = new Map<ReadonlyArray<string>, number>()
  #newTexts: Array<string> = []
  #newStacks: Array<ReadonlyArray<string>> = []

  of(goroutine: GoroutineDump): Sent {
    const sent: Record<string, unknown> = { ...goroutine, stack: this.#stack(goroutine.stack) }
    for (const field of texts) {
      const text = goroutine[field]
      if (text !== undefined) sent[field] = this.#text(text)
    }
    return sent as unknown as Sent
  }

  #text(text: string): number {
    let number = this.#texts.get(text)
    if (number === undefined) {
      this.#texts.set(text, (number = this.#texts.size))
      this.#newTexts.push(text)
    }
    return number
  }

  #stack(stack: ReadonlyArray<string>): number {
    let number = this.#stacks.get(stack)
    if (number === undefined) {
      this.#stacks.set(stack, (number = this.#stacks.size))
      this.#newStacks.push(stack)
    }
    return number
  }

  takeNew(): { readonly texts: ReadonlyArray<string>; readonly stacks: ReadonlyArray<ReadonlyArray<string>> } {
    const taken = { texts: this.#newTexts, stacks: this.#newStacks }
    this.#newTexts = []
    this.#newStacks = []
    return taken
  }
}

/** Puts it together again. */
export class DumpLines {
  #about: Omit<ProcessDump, "threads"> | undefined
  readonly #threads: Array<
    Omit<ThreadDump, "goroutines" | "objects"> & {
      goroutines: Array<GoroutineDump>
      objects: Array<ThreadDump["objects"][number]>
    }
  > = []
  readonly #texts: Array<string> = []
  readonly #stacks: Array<ReadonlyArray<string>> = []

  take(text: string): void {
    const line = JSON.parse(text) as Line
    if (this.#about === undefined) this.#about = line as Omit<ProcessDump, "threads">
    else if ("begun" in line) this.#threads.push({ ...line.begun, goroutines: [], objects: [] })
    else if ("texts" in line) this.#texts.push(...line.texts)
    else if ("stacks" in line) this.#stacks.push(...line.stacks)
    else if ("objects" in line) this.#threads.at(-1)!.objects.push(...line.objects)
    else if ("goroutines" in line)
      this.#threads.at(-1)!.goroutines.push(...line.goroutines.map((sent) => this.#goroutine(sent)))
  }

  #goroutine(sent: Sent): GoroutineDump {
    // In place: it is nobody else's.
    const goroutine = sent as unknown as Record<string, unknown>
    goroutine["stack"] = this.#stacks[sent.stack]
    for (const field of texts) if (field in sent) goroutine[field] = this.#texts[sent[field]!]
    return goroutine as unknown as GoroutineDump
  }

  /** Once all lines are taken. */
  dump(): ProcessDump {
    if (this.#about === undefined) throw new Error("the dump broke off")
    return { ...this.#about, threads: this.#threads }
  }
}
