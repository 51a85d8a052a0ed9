/** Recording a trace of the process from this page. The bytes go to the worker, which keeps them for the download. */
import { stopTrace } from "../api/client.ts"
import { base, token } from "../api/session.ts"
import { Cell } from "../state/cell.ts"
import { connection, messageOf } from "../state/observed.ts"
import { open } from "../state/route.ts"
import { showOpened, startReading } from "./opened-trace.ts"

export type Recording =
  | { readonly is: "idle" | "stopping" }
  | { readonly is: "running"; readonly bytes: number }
  | { readonly is: "done"; readonly bytes: number; readonly blob: Blob }
  | { readonly is: "failed"; readonly why: string }

export const recording: Cell<Recording> = new Cell<Recording>({ is: "idle" })

/** Every op is recorded: without them channels have no level and nobody sends. */
const REQUEST = { ops: true, bufferMegabytes: 16 }

/** Settles with the first that is heard of the recording. */
let begun: Promise<void> = Promise.resolve()

export function toggleRecording(): void {
  if (recording.value.is === "running") return void stop()
  if (recording.value.is !== "stopping" && connection.value.is === "live") start()
}

export function downloadTrace(): void {
  if (recording.value.is !== "done") return
  const link = document.createElement("a")
  link.href = URL.createObjectURL(recording.value.blob)
  link.download = `${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.weft`
  link.click()
  URL.revokeObjectURL(link.href)
}

function start(): void {
  recording.set({ is: "running", bytes: 0 })
  let isHeardOf!: () => void
  begun = new Promise((resolve) => (isHeardOf = resolve))
  const worker = startReading({ type: "record", base, token: token() ?? "", body: REQUEST }, (message) => {
    isHeardOf()
    switch (message.type) {
      case "progress":
        if (recording.value.is === "running") recording.set({ is: "running", bytes: message.bytes })
        return
      case "opened":
        showOpened(message)
        return open("timeline")
      case "recorded":
        recording.set({ is: "done", bytes: message.blob.size, blob: message.blob })
        return worker.terminate()
      case "failed":
        recording.set({ is: "failed", why: message.why })
        return worker.terminate()
    }
  })
}

async function stop(): Promise<void> {
  recording.set({ is: "stopping" })
  // What has not reached the server can't be stopped there, and would run on.
  await begun
  if (recording.value.is !== "stopping") return
  try {
    await stopTrace()
  } catch (error) {
    recording.set({ is: "failed", why: messageOf(error) })
  }
}
