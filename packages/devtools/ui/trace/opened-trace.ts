/** The trace that is open: the server's file, a recording of this page, or a file of the user's. One at a time. */
import { base, token } from "../api/session.ts"
import { Cell } from "../state/cell.ts"
import { meta } from "../state/observed.ts"
import type { FromWorker, ToWorker } from "./messages.ts"
import { TraceModel } from "./trace-model.ts"

export type OpenedTrace =
  | { readonly is: "none" }
  | { readonly is: "opening"; readonly bytes: number; readonly of: number | undefined }
  | { readonly is: "open"; readonly model: TraceModel }
  | { readonly is: "failed"; readonly why: string }

export const trace: Cell<OpenedTrace> = new Cell<OpenedTrace>({ is: "none" })

/** Opens the server's file, once it is known that there is one. */
export function followSource(): void {
  const stop = meta.subscribe(() => {
    if (meta.value?.source !== "file") return
    stop()
    openWith({ type: "fetch", base, token: token() ?? "" }, meta.value.bytes)
  })
}

export const openFile = (file: File): void => openWith({ type: "read", file }, file.size)

function openWith(request: ToWorker, of: number | undefined): void {
  trace.set({ is: "opening", bytes: 0, of })
  const worker = startReading(request, (message) => {
    if (message.type === "progress") return trace.set({ is: "opening", bytes: message.bytes, of })
    showOpened(message)
    worker.terminate()
  })
}

export function showOpened(message: FromWorker): void {
  if (message.type === "opened") trace.set({ is: "open", model: new TraceModel(message.data) })
  if (message.type === "failed") trace.set({ is: "failed", why: message.why })
}

/** A worker for each trace: its memory goes with it. */
export function startReading(request: ToWorker, onMessage: (message: FromWorker) => void): Worker {
  const worker = new Worker("/worker.js", { type: "module" })
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => onMessage(data))
  worker.addEventListener("error", ({ message }) =>
    onMessage({ type: "failed", why: message || "The trace could not be read; is there enough memory?" }),
  )
  worker.postMessage(request)
  return worker
}
