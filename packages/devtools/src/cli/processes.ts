import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { Attached, WeftProcess } from "../attach/attached.ts"

/** The processes of this machine: what the commands look at. Tests bring their own. */
export interface Processes {
  readonly list: () => Promise<ReadonlyArray<WeftProcess>>
  readonly attach: (pid: number) => Promise<Attached>
}

export const Processes: Context.Service<Processes, Processes> = Context.Service("@weft/devtools/cli/Processes")

export const realProcesses: Layer.Layer<Processes> = Layer.succeed(Processes, {
  list: async () => (await import("../attach/processes.ts")).processes(),
  attach: async (pid) => (await import("../attach/attach.ts")).attach(pid),
})
