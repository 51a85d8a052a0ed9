import { run } from "@weft/core"
import { bundled } from "./bundled.ts"

console.log(JSON.stringify(await run(bundled)))
