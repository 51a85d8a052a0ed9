import type { Member, Threads } from "../../analysis/groups.ts"
import type { ObjectDump } from "../../format/dump.ts"
import { called, numberOf, type Speech, thing } from "./goroutine-text.ts"

/** Finds objects and parents by their numbers. */
export class DumpNames {
  readonly speech: Speech
  readonly #objects = new Map<string, ObjectDump>()
  readonly #goroutines = new Map<string, Member>()

  constructor(dump: Threads, speech: Speech) {
    this.speech = speech
    for (const { thread, objects = [], goroutines } of dump.threads) {
      for (const object of objects) this.#objects.set(`${thread}/${object.id}`, object)
      for (const goroutine of goroutines) this.#goroutines.set(`${thread}/${goroutine.id}`, { thread, goroutine })
    }
  }

  /** "sync.Mutex #3, held by goroutine 7, flush" */
  waitsFor({ thread, goroutine }: Member): ReadonlyArray<string> {
    const objects = goroutine.on.flatMap((id) => this.#objects.get(`${thread}/${id}`) ?? [])
    if (objects.length === 0) return goroutine.detail === undefined ? [] : [goroutine.detail]
    return objects.map((object) => {
      const owner = object.owner === undefined ? undefined : this.#goroutines.get(`${thread}/${object.owner}`)
      return owner === undefined ? thing(object) : `${thing(object)}, held by ${this.name(owner)}`
    })
  }

  parentOf({ thread, goroutine }: Member): string | undefined {
    if (goroutine.parent === undefined) return undefined
    const parent = this.#goroutines.get(`${thread}/${goroutine.parent}`)
    return parent === undefined
      ? `goroutine ${numberOf(thread, goroutine.parent, this.speech)}, which has ended`
      : this.name(parent)
  }

  name(member: Member): string {
    return called(member.thread, member.goroutine, this.speech)
  }
}
