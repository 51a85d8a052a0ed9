import { Lanes } from "./lanes.ts"

/** Tracks for spans that overlap: as many as it takes. */
export class SpanTracks {
  readonly #add: () => number
  readonly #lanes = new Lanes()
  readonly #tracks: Array<number> = []

  constructor(add: () => number) {
    this.#add = add
  }

  track(from: number, to: number): number {
    return (this.#tracks[this.#lanes.lane(from, to)] ??= this.#add())
  }
}
