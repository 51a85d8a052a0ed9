/** Its worker, which runs goroutines of its own. */
import { go, run, sleep } from "@weft/core"
import { connect } from "@weft/devtools/browser"

void run(function* () {
  go.named("sorter", function* sorter() {
    for (;;) yield* sleep("50 millis")
  })
  yield* sleep("1 hour")
})

addEventListener("message", ({ data }: MessageEvent<string>) => void connect(data))
