/** A server that remembers who asked for what, and says so for each line of its input. */
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { hold, never, run } from "@weft/core"

const requests: Array<string | undefined> = []
const server = createServer((request, response) => {
  requests.push(request.url)
  response.end()
})
server.listen(0, "127.0.0.1", () => console.log("ready"))
createInterface({ input: process.stdin }).on("line", () => console.log(JSON.stringify(requests)))

await run(
  function* () {
    hold()
    yield* never
  },
  { deadlock: "ignore" },
)
