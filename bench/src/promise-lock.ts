/** What one writes by hand where there is no lock: a chain of promises, each waiting for the one before. */
export class PromiseLock {
  #tail: Promise<void> = Promise.resolve()

  async acquire(): Promise<() => void> {
    const before = this.#tail
    let release = (): void => undefined
    this.#tail = new Promise((resolve) => (release = resolve))
    await before
    return release
  }
}
