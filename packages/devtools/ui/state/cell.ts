import { useEffect, useState } from "preact/hooks"

/** A value that components follow. */
export class Cell<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export function useCell<T>(cell: Cell<T>): T {
  const [, redraw] = useState(0)
  useEffect(() => {
    // It may have changed between drawing and this.
    redraw((n) => n + 1)
    return cell.subscribe(() => redraw((n) => n + 1))
  }, [cell])
  return cell.value
}
