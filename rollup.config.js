/**
 * Builds the package in the current directory: `rollup -c ../../rollup.config.js`.
 *
 * The entries are the `@weft/source` targets of its `exports`, and its commands; everything that is not a relative import stays outside.
 * An entry is one file, and what several have in common another: a host that loads fewer files starts sooner, and each thread loads them again. Bundlers
 * drop what is not used all the same.
 * A type error fails the build.
 */
import { readFileSync, rmSync } from "node:fs"
import typescript from "@rollup/plugin-typescript"
import { defineConfig } from "rollup"

/** @type {{ exports: Record<string, string | Record<string, string>>, bin?: Record<string, string> }} */
const manifest = JSON.parse(readFileSync("package.json", "utf8"))
const sources = [
  ...Object.values(manifest.exports).flatMap((target) =>
    typeof target === "object" && target["@weft/source"] ? [target["@weft/source"]] : [],
  ),
  ...Object.values(manifest.bin ?? {}).map((target) => target.replace("./dist/", "./src/").replace(/\.js$/, ".ts")),
]
const input = Object.fromEntries(sources.map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ""), source]))

export default defineConfig({
  input,
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  output: {
    dir: "dist",
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "common/[name].js",
    hoistTransitiveImports: false,
    sourcemap: true,
    // The tarball carries src beside dist.
    sourcemapExcludeSources: true,
  },
  plugins: [
    {
      name: "clean",
      // A module that is gone must not be published from an earlier build.
      buildStart: () => rmSync("dist", { recursive: true, force: true }),
    },
    typescript({
      tsconfig: "tsconfig.src.json",
      // Against the other packages as they are published, not their sources.
      compilerOptions: {
        module: "NodeNext",
        customConditions: [],
        composite: false,
        incremental: false,
        emitDeclarationOnly: false,
        outDir: "dist",
        noEmitOnError: true,
      },
      noForceEmit: true,
      noEmitOnError: true,
    }),
    importsAsTheyAre(),
    declarationExtensions(),
  ],
  onwarn(warning) {
    throw new Error(warning.message)
  },
})

/**
 * TypeScript has the specifier of an `import(expression)` rewritten too, by a helper that nobody brings along. It is the URL of a user's module, and
 * must stay as it is. Blanks of the helper's length keep the source maps right.
 *
 * @returns {import("rollup").Plugin}
 */
function importsAsTheyAre() {
  const helper = "__rewriteRelativeImportExtension"
  return {
    name: "imports-as-they-are",
    transform: (code) => ({ code: code.replaceAll(`${helper}(`, `${" ".repeat(helper.length)}(`), map: null }),
  }
}

/**
 * TypeScript rewrites `./op.ts` to `./op.js` in code but not in declarations, where other tools stumble over it.
 * Both are of one length, so the declaration maps stay right.
 *
 * @returns {import("rollup").Plugin}
 */
function declarationExtensions() {
  return {
    name: "declaration-extensions",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".d.ts")) continue
        file.source = String(file.source).replace(/((?:from|import)[\s(]*"\.\.?\/[^"]+)\.ts"/g, '$1.js"')
      }
    },
  }
}
