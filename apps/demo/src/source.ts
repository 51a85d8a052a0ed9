/**
 * A chapter's source as it is shown: the file itself, with the stage taken away. What is left is a whole program that
 * runs as it stands, once the definitions at its top point at a server that is up.
 *
 * The rules are few because the chapters keep to one form: `export async function main({ ... }: Stage)` with the program
 * as its body. A test copies every shown source into a file and runs it.
 */
import { readFile } from "node:fs/promises"
import { wrap } from "./terminal/wrap.ts"
import { fileNames } from "./stage.ts"

/** Where `npm run demo -- files` listens unless told otherwise. */
export const DEFAULT_PORT = 8080

const COLUMNS = 77
const SIGNATURE = /^export async function main\((?:\{([^}]*)\}: Stage)?\): Promise<void> \{\n([\s\S]*?)^\}\n/m
const STAGE_IMPORT = /^import type \{ Stage \} from "\.\.\/stage\.ts"\n/m
const HEAD_COMMENT = /^\/\*\*[\s\S]*?\*\/\n/
/** A chapter that is also what its threads run: its program is for the main one. */
const OWN_THREAD = /^if \(!isMainThread\)/m
const EXPLAIN = /^( *)explain\(\s*("(?:[^"\\]|\\.)*"),?\s*\)\n/gm

export async function readSource(name: string): Promise<string> {
  return shownSource(await readFile(new URL(`./chapters/${name}.ts`, import.meta.url), "utf8"))
}

export function shownSource(file: string): string {
  const signature = SIGNATURE.exec(file)
  if (signature === null) throw new Error("Bug: a chapter is not written as main({ ... }: Stage); see source.ts")
  const [whole, names = "", body = ""] = signature
  const program = (OWN_THREAD.test(file) ? `if (isMainThread) {\n${body}}\n` : body.replace(/^ {2}/gm, ""))
    .replace(EXPLAIN, (_, margin: string, text: string) => comment(JSON.parse(text) as string, margin))
    .replace(/\b(print|live)\(/g, "console.log(")
    .replace(/\btable\(/g, "console.table(")
    .replace(/\breport\(/g, "console.error(")
    .replace(/\binterleaving\(/g, "console.log(")
  return file
    .replace(HEAD_COMMENT, "")
    .replace(STAGE_IMPORT, "")
    .replace(whole, () => definitions(names) + program)
    .trim()
}

function definitions(names: string): string {
  const wanted = names.split(",").map((name) => name.trim())
  const lines: Array<string> = []
  if (wanted.includes("site") || wanted.includes("urls")) {
    lines.push(`const site = "http://127.0.0.1:${DEFAULT_PORT}" // npm run demo -- files`)
  }
  if (wanted.includes("urls")) {
    lines.push(
      `const urls = ${JSON.stringify(fileNames).replaceAll(",", ", ")}.map((name) => \`\${site}/\${name}.json\`)`,
    )
  }
  if (wanted.includes("columns")) lines.push("const columns = Math.min(process.stdout.columns ?? 80, 80)")
  return lines.length === 0 ? "" : `${lines.join("\n")}\n\n`
}

const comment = (text: string, margin: string): string =>
  wrap(text, COLUMNS - margin.length)
    .map((line) => `${margin}// ${line}\n`)
    .join("")
