/** A place in a file as a stack frame says it: "name (file:line:column)", or without a name. */
export interface Site {
  readonly name: string | undefined
  /** A path, or a URL. */
  readonly file: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

export function parseSite(text: string): Site | undefined {
  const [, name, inParentheses, bare, line, column] = frame.exec(text) ?? []
  const file = inParentheses ?? bare
  if (file === undefined) return undefined
  return { name, file, line: Number(line), column: Number(column) }
}

export function formatSite({ name, file, line, column }: Site): string {
  const place = `${file}:${line}:${column}`
  return name === undefined ? place : `${name} (${place})`
}

// The name ends at the first " (": paths have parentheses more often than names do.
const frame = /^(?:(.+?) \((?=.*\)$)(.+?)|([^(].*?)):(\d+):(\d+)\)?$/
