import { run } from "@weft/core"
import { program } from "./program.ts"

console.log("started")
console.log(JSON.stringify(await run(program)))
