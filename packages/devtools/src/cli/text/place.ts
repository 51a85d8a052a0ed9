import { parseSite, formatSite } from "../../source-maps/site.ts"

/** Shows places in files below the directory that the user stands in relative to it: shorter, and terminals and editors still find them. */
export class Places {
  readonly #prefixes: ReadonlyArray<string>

  constructor(directory: string) {
    const below = directory.endsWith("/") ? directory : `${directory}/`
    this.#prefixes = directory === "/" ? [] : [below, `file://${below}`]
  }

  /** A process as people know it: what follows the name of its runtime. */
  title({ argv, title }: { readonly argv: ReadonlyArray<string>; readonly title: string }): string {
    const words = argv.slice(1).map((word) => this.#below(word) ?? word)
    return words.length === 0 ? title : words.join(" ")
  }

  show(text: string): string {
    const site = parseSite(text)
    const file = site && this.#below(site.file)
    return file === undefined ? text : formatSite({ ...site!, file })
  }

  #below(path: string): string | undefined {
    const prefix = this.#prefixes.find((prefix) => path.startsWith(prefix))
    return prefix === undefined ? undefined : path.slice(prefix.length)
  }
}
