import { startFunction } from "./boot.ts"

/**
 * What a thread of Node runs first, as a module of its own: loaders that a program has registered (tsx) don't hear of imports of a script that is evaluated.
 *
 * A test runner (Vitest) or development server evaluates sources with a bundler's rules, where a thread has Node's: what those don't find is looked
 * for as bundlers do, `./tasks` and `./tasks.js` for `./tasks.ts`.
 */
const script = `${startFunction}
  const { enableCompileCache, registerHooks } = process.getBuiltinModule("node:module") ?? {}
  const { workerData } = process.getBuiltinModule("node:worker_threads")
  if (workerData.cache !== undefined) enableCompileCache?.(workerData.cache)
  registerHooks?.({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!/^\\.{0,2}\\/|^file:/.test(specifier)) throw error
        const names = [".ts", ".tsx", ".js", "/index.ts", "/index.js"].map((ending) => specifier + ending)
        for (const name of [...names, specifier.replace(/js(x?)$/, "ts$1")])
          try {
            return next(name, context)
          } catch {}
        throw error
      }
    },
  })
  start(workerData, workerData.scripts, (error) => { throw error })
`

export const nodeScript: URL = new URL(`data:text/javascript,${encodeURIComponent(script)}`)
