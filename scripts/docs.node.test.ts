/**
 * The words: every program in the documentation compiles and prints what stands under it, every example in a docstring compiles, and
 * every link between the pages leads somewhere.
 *
 * A ```ts block is a whole program. A ```text block right after it is its output, both streams; "…" stands for what differs from run to
 * run. The programs see the packages' sources.
 */
import { execFile } from "node:child_process"
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import ts from "typescript"
import { afterAll, describe, expect, it } from "vitest"
import { withFigures } from "./figures.ts"

const root = join(import.meta.dirname, "..")
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md", "apps/*/README.md"], { cwd: root }).toSorted()
const sources = globSync("packages/*/src/**/*.ts", { cwd: root }).filter((path) => !/\.test(-d)?\.ts$/.test(path))
const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft-docs-")))
// From here the programs find the workspace's packages, as any installed ones.
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
writeFileSync(join(folder, "package.json"), `{ "type": "module" }`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the examples take for granted: everything that Weft exports, and a few bodies to start. */
const preamble = [
  ...["core", "channels", "sync", "workers", "devtools"].map(
    (name) => `import { ${exportsOf(name).join(", ")} } from "@weft/${name}"`,
  ),
  `import { explore, invariant, seeded, shadow, synctest, virtualTime, waitIdle } from "@weft/core/testing"`,
  `import { it } from "@weft/core/testing/vitest"`,
  `import { expect } from "vitest"`,
  `import { Effect, Stream } from "effect"`,
  `declare const main: () => Generator<Op<void>, void, never>`,
  `declare const fetchUser: typeof main, fetchPosts: typeof main`,
].join("\n")

interface Program {
  readonly place: string
  readonly file: string
  readonly output: string | undefined
  readonly isExample: boolean
}

/** Wider than the programs: an example may use names that it does not declare, and declare some that it does not use. */
const allowedInExamples = new Set([2304, 2503, 2552, 6133, 6192, 6196, 6198, 7006, 7031, 18004, 18046])

const programs = pages.flatMap(programsOf)
const examples = sources.flatMap(examplesOf)

describe("documentation", () => {
  it("has programs and examples to check", () => {
    expect(programs.length).toBeGreaterThan(0)
    expect(examples.length).toBeGreaterThan(0)
  })

  it("compiles, programs and examples", { tags: "long" }, () => expect(mistakes()).toEqual([]))

  it.each(["core", "core/testing", "channels", "sync", "workers", "devtools"])(
    "names every export in its README: @weft/%s",
    (name) => {
      const readme = readFileSync(join(root, "packages", name.replace(/\/.*/, ""), "README.md"), "utf8")
      const exported = exportsOf(name).map((each) => each.replace("type ", ""))
      expect(exported.filter((each) => !new RegExp(`\\b${each}\\b`).test(readme))).toEqual([])
    },
  )

  it("explains every error class", async () => {
    const headings = anchorsOf(join(root, "docs/errors.md"))
    const modules = await Promise.all([
      import("@weft/core"),
      import("@weft/core/testing"),
      import("@weft/channels"),
      import("@weft/sync"),
      import("@weft/workers"),
      import("@weft/devtools"),
    ])
    const classes = modules.flatMap((module) =>
      Object.entries(module as Record<string, { readonly prototype?: unknown }>).flatMap(([name, { prototype }]) =>
        prototype instanceof Error ? [name.toLowerCase()] : [],
      ),
    )
    expect(classes).toEqual(expect.arrayContaining(["deadlockerror", "schedulefailed", "workercrashed"]))
    expect(classes.filter((name) => !headings.includes(name))).toEqual([])
  })

  const printing = programs.filter(({ output }) => output !== undefined)
  const isFirstPage = ({ place }: Program) => place.startsWith("README.md")
  const prints = async ({ file, output }: Program) => expect(await outputOf(file)).toMatch(pattern(output!))

  it.concurrent.each(printing.filter(isFirstPage))("prints what is written: $place", prints)

  it.concurrent.each(printing.filter((program) => !isFirstPage(program)))(
    "prints what is written: $place",
    { tags: "long" },
    prints,
  )

  it.each(pages)("has the figures of the last benchmarks (npx node scripts/figures.ts): %s", (page) => {
    const text = readFileSync(join(root, page), "utf8")
    expect(text).toBe(withFigures(text))
  })

  it.each(pages)("has no link that leads nowhere: %s", (page) => expect(linksAstray(page)).toEqual([]))
})

function programsOf(page: string): ReadonlyArray<Program> {
  const text = readFileSync(join(root, page), "utf8")
  return [...text.matchAll(/^```ts\n([^]*?)^```\n(?:\n```text\n([^]*?)^```$)?/gm)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length
    return write(`${page}:${line}`, match[1]!, match[2])
  })
}

function examplesOf(path: string): ReadonlyArray<Program> {
  const text = readFileSync(join(root, path), "utf8")
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?! @|\/).*\n)*)/gm)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length
    const code = match[1]!.replaceAll(/^ *\* ?/gm, "")
    const isAsync = /\bawait\b/.test(code) && !/\byield\b/.test(code.replaceAll(/function\*[^]*?^}/gm, ""))
    return write(
      `${path}:${line}`,
      `${preamble}\nexport ${isAsync ? "async function" : "function*"} example() {\n${code}}\n`,
      undefined,
    )
  })
}

/** The names that a package, or a part of one, exports, from its index: a list, as the lint sees to. */
function exportsOf(name: string): ReadonlyArray<string> {
  const [owner, part = "."] = name.split("/") as [string, string?]
  const text = readFileSync(join(root, "packages", owner, "src", part, "index.ts"), "utf8")
  return [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, isType, names]) =>
    names!
      .split(",")
      .map((each) => each.trim().replace(/^(type )?.* as /, "$1"))
      .filter((each) => each !== "")
      .map((each) => (isType === undefined ? each : `type ${each}`)),
  )
}

function write(place: string, code: string, output: string | undefined): Program {
  const file = join(folder, place.replaceAll(/[/:]/g, "_"), "main.ts")
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
  return { place, file, output, isExample: !place.includes(".md:") }
}

function mistakes(): ReadonlyArray<string> {
  const config = ts.readConfigFile(join(root, "tsconfig.base.json"), (path) => ts.sys.readFile(path)).config as {
    readonly compilerOptions: object
  }
  const compilerOptions = {
    ...config.compilerOptions,
    ...{ composite: false, incremental: false, declaration: false, declarationMap: false, emitDeclarationOnly: false },
    ...{ noEmit: true, rootDir: "/", types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
  }
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions, files: [] }, ts.sys, root)
  const all = [...programs, ...examples]
  const program = ts.createProgram({ rootNames: all.map(({ file }) => file), options })
  return all.flatMap(({ file, isExample, place }) =>
    // Of these files only: the sources are `npm run typecheck`'s business.
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .filter(({ code }) => !(isExample && allowedInExamples.has(code)))
      .map((found) => `${place}${lineOf(found)}: ${ts.flattenDiagnosticMessageText(found.messageText, "\n")}`),
  )
}

function lineOf({ file, start }: ts.Diagnostic): string {
  return file === undefined || start === undefined ? "" : ` + ${file.getLineAndCharacterOfPosition(start).line + 1}`
}

async function outputOf(file: string): Promise<string> {
  const args = ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning", "main.ts"]
  // The limit only ends what hangs.
  const options = { cwd: dirname(file), timeout: 600_000, env: { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "" } }
  const ran = promisify(execFile)(process.execPath, args, options)
  const { stdout, stderr } = await ran.catch((error: unknown) => error as { stdout: string; stderr: string })
  return (stdout + stderr)
    .replaceAll(`${dirname(file)}/`, "")
    .replaceAll(/[ \t]+$/gm, "")
    .trimEnd()
}

function pattern(output: string): RegExp {
  const escaped = output
    .trimEnd()
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${escaped.join(".*")}$`)
}

function linksAstray(page: string): ReadonlyArray<string> {
  const text = readFileSync(join(root, page), "utf8")
    .replaceAll(/^```[^]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "")
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link))
  return links.filter((link) => {
    const [path, anchor] = link.split("#") as [string, string | undefined]
    const target = path === "" ? join(root, page) : join(root, dirname(page), decodeURIComponent(path))
    if (!existsSync(target)) return true
    return anchor !== undefined && !anchorsOf(target).includes(anchor)
  })
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): ReadonlyArray<string> {
  return [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  )
}
