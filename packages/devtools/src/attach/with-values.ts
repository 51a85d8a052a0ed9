import type { ValueOptions } from "../format/value-options.ts"
import type { Attached } from "./attached.ts"

/** The same process, whose dumps and traces have values of messages for whoever does not ask for them: the page. Its traces record every op. */
export const withValues = (source: Attached, values: true | ValueOptions): Attached => ({
  pid: source.pid,
  title: source.title,
  argv: source.argv,
  runtime: source.runtime,
  ended: source.ended,
  get inspectorOpenMillis() {
    return source.inspectorOpenMillis
  },
  dump: () => source.dump({ values }),
  stats: () => source.stats(),
  leaks: (options) => source.leaks(options),
  trace: (request, onBytes) => source.trace({ ...request, ops: true, values }, onBytes),
  detach: () => source.detach(),
  [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
})
