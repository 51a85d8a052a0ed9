/** Always the same, so that a bookmark stays good. */
export const usualPagesPort = 9339

/** What a page is told where no `weft ui --pages` answers: it has ended, most of the time. Of an origin: "http://127.0.0.1:9339". */
export function nobodyThere(origin: string): string {
  const { port } = new URL(origin)
  const command = `weft ui --pages${port === String(usualPagesPort) ? "" : ` --pages-port ${port}`}`
  return `weft ui --pages no longer runs at port ${port}, or its port is another one now; start ${command}`
}
