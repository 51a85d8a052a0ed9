/** A real HTTP server on loopback: the demo's internet. */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { files, type ServedFile } from "./files.ts"

export interface FileServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly site: string
}

/** Serves {@link files}; `/` lists them, `/aborted.json` counts the requests whose client went away. */
export async function serveFiles(port = 0): Promise<FileServer> {
  const attempts = new Map<string, number>()
  let aborted = 0
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://loopback").pathname
    response.once("close", () => {
      if (!response.writableFinished) aborted += 1
    })
    const file = files.find((candidate) => candidate.path === path)
    if (file !== undefined) {
      const attempt = (attempts.get(path) ?? 0) + 1
      attempts.set(path, attempt)
      answerLater(file, attempt, response)
    } else if (path === "/")
      reply(
        response,
        200,
        files.map((served) => served.path),
      )
    else if (path === "/aborted.json") reply(response, 200, aborted)
    else reply(response, 404, { error: `no file ${path}`, files: files.map((served) => served.path) })
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  return {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

// A host timer, not Weft's: the server stands for the world outside, which no goroutine may hold awake.
function answerLater(file: ServedFile, attempt: number, response: ServerResponse): void {
  const answer = file.answer(attempt)
  if (answer === undefined) return
  const timer = setTimeout(() => send(response, answer.status, answer.body), file.delayMillis)
  response.once("close", () => clearTimeout(timer))
}

const reply = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, JSON.stringify(value))

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
  response.end(body)
}
