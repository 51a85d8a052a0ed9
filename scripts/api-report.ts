/**
 * `npm run api`: writes each package's `api.md`, every exported declaration without its prose, so that a change of the
 * public API is seen in review. `check:packages` fails while a report is not what the build exports.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { format, resolveConfig } from "prettier"
import ts from "typescript"

const root = join(import.meta.dirname, "..")

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>
}

/** The report of a built package. */
export async function apiReport(folder: string): Promise<string> {
  const home = join(root, "packages", folder)
  const { name, exports } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Manifest
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === "string" ? [] : [{ name: join(name, path), file: join(home, target.types) }],
  )
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, skipLibCheck: true, types: [] },
  )
  const style = { ...(await resolveConfig(join(root, "api.ts"))), parser: "typescript" }
  const sections = await Promise.all(
    entries.map(async ({ name, file }) => {
      const code = await format(declarations(program, file).join("\n\n"), style)
      return `## ${name}\n\n\`\`\`ts\n${code}\`\`\`\n`
    }),
  )
  return `# API of ${name}\n\nWritten by \`npm run api\`; not to be edited.\n\n${sections.join("\n")}`
}

function declarations(program: ts.Program, file: string): ReadonlyArray<string> {
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)
  // A file that exports nothing is no module.
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module)
  return symbols
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      const texts = (target.declarations ?? []).map(signature)
      return target.name === symbol.name ? texts.join("\n") : `// as ${symbol.name}\n${texts.join("\n")}`
    })
}

const printer = ts.createPrinter({ removeComments: true })

/** A declaration without comments and private members. */
function signature(declaration: ts.Declaration): string {
  const file = declaration.getSourceFile()
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const text = printer.printNode(ts.EmitHint.Unspecified, withoutPrivate(statement), file)
  return text.replace(/^export (declare )?/, "").replace(/^declare /, "")
}

function withoutPrivate(node: ts.Node): ts.Node {
  if (!ts.isClassDeclaration(node)) return node
  const { factory } = ts
  const members = node.members.filter(
    (member) =>
      !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) &&
      !(member.name !== undefined && ts.isPrivateIdentifier(member.name)),
  )
  return factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  )
}

if (import.meta.main) {
  for (const folder of readdirSync(join(root, "packages"))) {
    writeFileSync(join(root, "packages", folder, "api.md"), await apiReport(folder))
  }
}
