/** An async iterable that counts what is asked of it: each `next` and `return` takes a turn of the microtask queue. */
export class ScriptedIterable<T> implements AsyncIterable<T> {
  asked = 0
  closed = 0
  readonly #values: ReadonlyArray<T>

  constructor(values: ReadonlyArray<T>) {
    this.#values = values
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: async () => {
        const i = this.asked++
        await Promise.resolve()
        return i < this.#values.length ? { done: false, value: this.#values[i]! } : { done: true, value: undefined }
      },
      return: async () => {
        this.closed++
        await Promise.resolve()
        return { done: true, value: undefined }
      },
    }
  }
}
