/**
 * How a thread comes to know that a pool has started it: what it is told lies on its global object before this package is evaluated there, or comes
 * with the first message.
 */

/** Where what a thread was told lies, on its global object. */
export const bootOfThread: unique symbol = Symbol.for("@weft/workers.boot")

/** The first message to a supplied worker: an object with this key. */
export const bootMessage = "@weft/workers.boot"

/**
 * A thread's own script, for both hosts: imports this package, which finds there what it was told. No file of its own: a bundler may have put this
 * package anywhere. Once the package is up the module may fail: it may be a whole program's bundle, which looks for a page.
 */
export const importScript = `
  const start = (boot, fail) => {
    globalThis[Symbol.for("@weft/workers.boot")] = boot
    const loading = globalThis[Symbol.for("@weft/core.loading")] = import(boot.module)
    loading.then(
      () => boot.isUp || fail(new Error("workers: " + boot.module + " was loaded in a thread and has no @weft/workers in it; supply the worker: new Pool({ worker: () => new Worker(...) })")),
      (error) => boot.isUp || fail(error),
    )
  }
`
