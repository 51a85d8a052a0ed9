// @ts-check
/**
 * typescript-eslint's strict type-checked rules, less what fights generators, and Weft's own smells (CONTRIBUTING.md).
 * Which package may import which is in .dependency-cruiser.js.
 */
import eslint from "@eslint/js"
import { defineConfig } from "eslint/config"
import tseslint from "typescript-eslint"

const packageSources = "packages/*/src/**/*.ts"
const tests = ["**/*.test.ts", "**/*.test-d.ts", "packages/*/{test,examples,bench}/**/*.ts"]

const hostOnly = [
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"],
  ...["performance", "queueMicrotask", "requestAnimationFrame", "requestIdleCallback"],
].map((name) => ({
  name,
  message: "Time and turns come from the processor's clock and host (core's clock.ts and host.ts, workers' host.ts).",
}))

const nodeOnly = ["process", "Buffer", "global", "require", "__dirname", "__filename"].map((name) => ({
  name,
  message: "The packages run in browsers, Deno and Bun as they are.",
}))

const exportAll = {
  selector: "ExportAllDeclaration:not([exported])",
  message: "Re-export name by name: the public API is a list that somebody can read.",
}

export default defineConfig(
  { ignores: ["**/dist/", "**/node_modules/", "**/coverage/", ".nx/", "bench/results/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The compiler knows what there is.
      "no-undef": "off",
      // A goroutine's body is a generator whether or not it waits.
      "require-yield": "off",
      // noFallthroughCasesInSwitch and the compiler's own checks are exact here.
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/array-type": ["error", { default: "generic" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // `return this.#park()` ends a path and hands on nothing.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-import-type-side-effects": "error",
      // An op of nothing is Op<void>; a failed assertion names itself.
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      // `Goroutine<unknown, unknown>` says more than `Goroutine`.
      "@typescript-eslint/no-unnecessary-type-arguments": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Whoever throws through an op may throw what Effect failed with.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `const self = this` is how a generator reaches its object.
      "@typescript-eslint/no-this-alias": "off",
      "no-restricted-syntax": ["error", exportAll],
    },
  },
  {
    files: [packageSources],
    ignores: tests,
    rules: {
      "no-console": "error",
      "no-restricted-globals": ["error", ...hostOnly, ...nodeOnly],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^node:", message: "The packages run without Node." },
            {
              regex: "^effect$",
              message: 'Import "effect/Effect" and the like: the root loads all of effect, 280 ms instead of 70.',
            },
          ],
        },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Time comes from the processor's clock." },
        { object: "performance", property: "now", message: "Time comes from the processor's clock." },
        { object: "Math", property: "random", message: "Randomness comes from the scheduler's seed." },
        ...hostOnly.map(({ name, message }) => ({ object: "globalThis", property: name, message })),
      ],
    },
  },
  {
    // The adapters that the rules above send everybody to.
    files: [
      "packages/core/src/{clock,host,random}.ts",
      "packages/workers/src/host.ts",
      "packages/workers/src/platform/*.ts",
    ],
    rules: { "no-console": "off", "no-restricted-globals": ["error", ...nodeOnly], "no-restricted-properties": "off" },
  },
  {
    // It looks at programs from outside, by Node; what is read in browsers too is held to that by .dependency-cruiser.js.
    files: ["packages/devtools/src/**/*.ts"],
    ignores: ["packages/devtools/src/{analysis,format,trace}/**"],
    rules: {
      "no-console": "off",
      "no-restricted-globals": "off",
      "no-restricted-imports": "off",
      "no-restricted-properties": "off",
    },
  },
  {
    files: tests,
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // What must not compile has no type, and says why it must not.
    files: ["**/*.test-d.ts"],
    rules: {
      "@typescript-eslint/ban-ts-comment": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
)
