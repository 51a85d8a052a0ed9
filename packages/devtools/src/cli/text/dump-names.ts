import type { Member, Threads } from "../../analysis/groups.ts"
import type { GoroutineDump, ObjectDump } from "../../format/dump.ts"
import { called, numberOf, type Speech, thing } from "./goroutine-text.ts"

/** Finds objects and parents by their numbers. */
export class DumpNames {
  readonly speech: Speech
  readonly #isWhole: boolean
  readonly #threads = new Map<number, Names>()

  /** `isWhole`: whether who is not in it has ended. */
  constructor(dump: Threads, speech: Speech, { isWhole = true }: { readonly isWhole?: boolean } = {}) {
    this.speech = speech
    this.#isWhole = isWhole
    for (const { thread, objects = [], goroutines } of dump.threads) {
      const named = new Set<number>()
      for (const { owner } of objects) if (owner !== undefined) named.add(owner)
      for (const { parent } of goroutines) if (parent !== undefined) named.add(parent)
      const names: Names = { objects: new Map(), goroutines: new Map(), things: new Map(), parents: new Map() }
      for (const object of objects) names.objects.set(object.id, object)
      for (const goroutine of goroutines) if (named.has(goroutine.id)) names.goroutines.set(goroutine.id, goroutine)
      this.#threads.set(thread, names)
    }
  }

  /** "sync.Mutex #3, held by goroutine 7, flush" */
  waitsFor({ thread, goroutine }: Member): ReadonlyArray<string> {
    const names = this.#threads.get(thread)!
    const things = goroutine.on.flatMap((id) => {
      const object = names.objects.get(id)
      return object === undefined ? [] : remembered(names.things, id, () => this.#thing(thread, object))
    })
    return things.length > 0 || goroutine.detail === undefined ? things : [goroutine.detail]
  }

  #thing(thread: number, object: ObjectDump): string {
    const owner = object.owner === undefined ? undefined : this.#threads.get(thread)!.goroutines.get(object.owner)
    return owner === undefined ? thing(object) : `${thing(object)}, held by ${called(thread, owner, this.speech)}`
  }

  /** What it would send: "{id: 7}", in a select "{id: 7} to #3". */
  sends({ goroutine: { on, sends = [] } }: Member): ReadonlyArray<string> {
    return sends.map((send) => (on.length < 2 || send.on === undefined ? send.value : `${send.value} to #${send.on}`))
  }

  /** What the buffers hold of channels that it waits for: "#3 holds {id: 5}". */
  buffered({ goroutine, thread }: Member): ReadonlyArray<string> {
    const { objects } = this.#threads.get(thread)!
    return goroutine.on.flatMap((id) => {
      const { length = 0, values = [] } = objects.get(id) ?? {}
      const shown = values.slice(0, mostOfBuffer).map((value) => `#${id} holds ${value}`)
      const more = length - shown.length
      return shown.length > 0 && more > 0 ? [...shown, `#${id} holds ${more} more`] : shown
    })
  }

  parentOf({ thread, goroutine: { parent } }: Member): string | undefined {
    if (parent === undefined) return undefined
    const { goroutines, parents } = this.#threads.get(thread)!
    return remembered(parents, parent, () => {
      const found = goroutines.get(parent)
      if (found !== undefined) return called(thread, found, this.speech)
      return `goroutine ${numberOf(thread, parent, this.speech)}${this.#isWhole ? ", which has ended" : ""}`
    })
  }
}

const mostOfBuffer = 3

/** What is said of one thing or parent is made once: a million may have the same. */
interface Names {
  readonly objects: Map<number, ObjectDump>
  /** Those that own something or are a parent. */
  readonly goroutines: Map<number, GoroutineDump>
  readonly things: Map<number, string>
  readonly parents: Map<number, string>
}

function remembered(texts: Map<number, string>, id: number, make: () => string): string {
  let text = texts.get(id)
  if (text === undefined) texts.set(id, (text = make()))
  return text
}
