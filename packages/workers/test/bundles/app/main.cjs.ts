/** A program without `await` at its top level, which CommonJS does not have. */
import { run } from "@weft/core"
import { bundled } from "./bundled.ts"

void run(bundled).then((report) => console.log(JSON.stringify(report)))
