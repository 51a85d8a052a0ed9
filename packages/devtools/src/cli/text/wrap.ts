import { widthOf } from "./paint.ts"

/** Breaks a paragraph into lines of at most `columns`, between words. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(indent) + widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(indent + line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, indent + line].join("\n")
}
