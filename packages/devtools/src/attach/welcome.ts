/** How a connection becomes a thread's: its first frame is a hello that whoever listens believes, within a moment. Anything else ends it. */
import { type Hello, WireKind } from "../format/wire.ts"
import { FrameCutter, longestFrame as longestOfThread, ThreadLink, type Wire } from "./thread-link.ts"

const helloMillis = 10_000
const longestHello = 1_000_000

export interface Host {
  /** Of a frame, header not counted. */
  readonly longestFrame?: number
  /** What to go by, or undefined: it is not let in. Throws where there is more to say. */
  admit(this: void, hello: Hello): Hello | undefined
  onThread(this: void, link: ThreadLink): void
  /** Ends the connection, where that is not all there is to do. */
  cutOff?(this: void, why: string): void
}

export function welcome(
  wire: Wire,
  { admit, cutOff = () => wire.destroy(), longestFrame = longestOfThread, onThread }: Host,
): void {
  // Before it is let in, nobody makes this process keep more.
  const cutter = new FrameCutter(longestHello)
  let isOver = false
  const end = (why: string): void => {
    isOver = true
    cutOff(why)
  }
  const timeout = setTimeout(() => end("no hello"), helloMillis)
  let link: ThreadLink | undefined
  wire.on("error", () => wire.destroy())
  wire.once("close", () => clearTimeout(timeout))
  wire.on("data", (bytes: Buffer) => {
    if (isOver || wire.destroyed) return
    try {
      for (const frame of cutter.push(bytes)) {
        if (link !== undefined) {
          link.take(frame)
          continue
        }
        if (frame.kind !== WireKind.Hello) throw new Error("no hello")
        const hello = admit(JSON.parse(frame.payload.toString()) as Hello)
        if (hello === undefined) throw new Error("not let in")
        clearTimeout(timeout)
        cutter.longest = longestFrame
        link = new ThreadLink(wire, hello)
        onThread(link)
      }
    } catch (error) {
      end(error instanceof Error ? error.message : "no frame")
    }
  })
}
