/** The lines of what comes, without their line feeds. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let parts: Array<string> = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const [first = "", ...others] = decoder.decode(value, { stream: true }).split("\n")
    parts.push(first)
    for (const next of others) {
      yield parts.join("")
      parts = [next]
    }
  }
}
