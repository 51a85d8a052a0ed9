import { execFileSync } from "node:child_process"
import { expect, it } from "vitest"

const program = `
  import { run } from "@weft/core"
  import { spawn, task } from "@weft/workers"
  const one = task(import.meta.url, "one", function* () {})
  await run(function* () {
    yield* spawn(one)
  }).catch((error) => console.log(error.message))
`

it.each([
  ["-e", ["-e", program], ""],
  ["stdin", ["-"], program],
])("a program given by %s is told that it can't have tasks", (_how, args, input) => {
  const flags = ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning", "--input-type=module"]
  const said = execFileSync(process.execPath, [...flags, ...args], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    input,
  })
  expect(said).toContain("(a program given by -e or stdin has no file to import: write it to one)")
  expect(said).not.toContain("data:")
})
