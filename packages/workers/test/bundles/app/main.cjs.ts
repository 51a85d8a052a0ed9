/** A program without `await` at its top level, which CommonJS does not have. */
import { run } from "@weft/core"
import { program } from "./program.ts"

console.log("started")
void run(program).then((report) => console.log(JSON.stringify(report)))
