import { parseSite, formatSite } from "../../source-maps/site.ts"

/** Shows places in files below the directory that the user stands in relative to it: shorter, and terminals and editors still find them. */
export class Places {
  readonly #prefixes: ReadonlyArray<string>

  constructor(directory: string) {
    const below = directory.endsWith("/") ? directory : `${directory}/`
    this.#prefixes = directory === "/" ? [] : [below, `file://${below}`]
  }

  show(text: string): string {
    const site = parseSite(text)
    const prefix = site && this.#prefixes.find((prefix) => site.file.startsWith(prefix))
    return prefix === undefined ? text : formatSite({ ...site!, file: site!.file.slice(prefix.length) })
  }
}
