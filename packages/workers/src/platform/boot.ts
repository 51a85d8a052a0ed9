/**
 * How a thread comes to know that a pool has started it: what it is told lies on its global object before this package is evaluated there, or comes
 * with the first message.
 */

/** Where what a thread was told lies, on its global object. */
export const bootOfThread: unique symbol = Symbol.for("@weft/workers.boot")

/** The first message to a worker of the web's, or a supplied one: an object with this key. */
export const bootMessage = "@weft/workers.boot"

/** [this, why]: what a thread says of a message that the host could not read to it. */
export const unreadable = "@weft/workers.unreadable"

export const unreadableError = (why: unknown = "the host does not say why"): Error =>
  new Error(`a message from it, or to it, could not be read: ${String(why)}`)

/**
 * The beginning of a thread's own script: imports this package, which finds there what it was told. No file of its own, as a bundler may have put this
 * package anywhere: into a whole program's bundle, say, which looks for its page at once. Once the package is up it may fail.
 *
 * Where the program comes in many scripts, none of which has a module before all are there, the page's other scripts
 * are imported too, in their order, or the one that Node was started with.
 */
export const startFunction = `
  const start = (boot, scripts, fail) => {
    const load = async () => {
      await import(boot.module).catch((error) => { if (!boot.isUp) throw error })
      for (const script of scripts) if (!boot.isUp) await import(script).catch(() => undefined)
      if (!boot.isUp) throw new Error("workers: " + boot.module + " does not start @weft/workers when a thread imports it; supply the worker: new Pool({ worker: () => new Worker(...) })")
    }
    boot.import = (module) => import(module)
    globalThis[Symbol.for("@weft/workers.boot")] = boot
    globalThis[Symbol.for("@weft/core.loading")] = boot.loading = load()
    boot.loading.catch(fail)
  }
`
