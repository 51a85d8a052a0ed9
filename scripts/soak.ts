/**
 * `npm run soak [-- options] [files]`: the tests that search schedules, histories and random inputs, for longer and from another seed than in
 * CI. Says which seed it took, how much it has searched, and how to repeat a failure.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { parseArgs } from "node:util"

const usage = `npm run soak [-- options] [files]
  --times <n>  as many schedules as in CI, n times (WEFT_SOAK; 20 if left out)
  --seed <n>   where searches begin (WEFT_SEED; another one each time if left out)
  files        parts of paths of test files; all that search if left out`

const root = join(import.meta.dirname, "..")
const { env } = process

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string", default: env.WEFT_SOAK ?? "20" },
    seed: { type: "string", default: env.WEFT_SEED ?? String(1 + Math.floor(Math.random() * 2 ** 31)) },
    help: { type: "boolean", default: false },
  },
})

/** Tests whose searches grow with WEFT_SOAK, or have a seed. */
const searching = ["test/explore", "test/linearizable", "test/properties", "test/atomics", "test/chaos", "test/stress"]

function main(): void {
  const { seed, times } = values
  for (const [name, value] of [
    ["times", times],
    ["seed", seed],
  ] as const)
    if (!/^[1-9]\d{0,9}$/.test(value))
      throw new Error(`soak: --${name} is ${JSON.stringify(value)}; give a whole number`)
  console.log(`soak: seed ${seed}, ${times} times as much as in CI`)
  const files = positionals.length > 0 ? positionals : searching
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const options = ["--project", "node*", "--testTimeout=0", "--reporter=default"]
  const reporter = `--reporter=${join(import.meta.dirname, "soak-reporter.ts")}`
  const child = spawn(process.execPath, [vitest, "run", ...options, reporter, ...files], {
    cwd: root,
    stdio: "inherit",
    env: { ...env, WEFT_SOAK: times, WEFT_SEED: seed },
  })
  child.on("close", (code) => {
    process.exitCode = code ?? 1
  })
}

if (values.help) console.log(usage)
else main()
