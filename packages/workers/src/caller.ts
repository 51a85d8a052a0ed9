/**
 * Where a function was called from: the file as the host loads it, which a thread can import. Bundlers put something else in the place of
 * `import.meta.url`: what the source was called (webpack), or nothing (CommonJS).
 */

interface CallSite {
  getFileName(): string | null | undefined
  isEval(): boolean
}

type Prepare = (error: unknown, sites: ReadonlyArray<CallSite>) => unknown

const errors = Error as unknown as {
  prepareStackTrace?: Prepare | undefined
  captureStackTrace?: ((this: void, target: object, above: unknown) => void) | undefined
  stackTraceLimit?: number
}

/** Enough to get out of code that a bundler's development mode evaluates. */
const frames = 12

/** The file whose code called `above`; undefined where the host does not tell. */
export function callerOf(above: unknown): string | undefined {
  // It tells what a source map says, a file that need not be there; and it needs no bundler that would change the URL.
  if ("Deno" in globalThis) return undefined
  const { captureStackTrace, prepareStackTrace, stackTraceLimit } = errors
  errors.stackTraceLimit = frames
  errors.prepareStackTrace = (_error, sites) => sites
  try {
    if (captureStackTrace === undefined) return importable(filesIn(new Error().stack ?? "").slice(2))
    const holder: { stack?: unknown } = {}
    captureStackTrace(holder, above)
    const { stack } = holder
    if (Array.isArray(stack))
      return importable((stack as ReadonlyArray<CallSite>).map((site) => (site.isEval() ? "" : site.getFileName())))
    return typeof stack === "string" ? importable(filesIn(stack)) : undefined
  } finally {
    errors.prepareStackTrace = prepareStackTrace
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit
  }
}

/** Of a stack in words, as Firefox and Safari have it: `name@file:line:column`. An empty one for evaluated code. */
export const filesIn = (stack: string): ReadonlyArray<string> =>
  stack
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (line.includes(" > eval") ? "" : (/(?:@|\()?([^@()\s]+?):\d+(?::\d+)?\)?$/.exec(line)?.[1] ?? "")))

function importable(files: ReadonlyArray<string | null | undefined>): string | undefined {
  for (const file of files) {
    if (file === null || file === undefined) continue
    if (/^(?:[a-z]:)?[\\/]/i.test(file))
      return `file://${encodePath(file.replace(/^(?=[a-z]:)/i, "/").replaceAll("\\", "/"))}`
    if (/^[a-z][a-z\d+.-]+:/i.test(file) && !/^(?:webpack|webpack-internal|node|native):/i.test(file)) return file
  }
  return undefined
}

const encodePath = (path: string): string => encodeURI(path).replace(/[?#]/g, encodeURIComponent)
