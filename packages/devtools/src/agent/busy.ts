/** The part of the time that this thread has been busy, since it was asked last; at first since it started. */
import { node } from "./node.ts"

interface CpuUsage {
  readonly user: number
  readonly system: number
}

export class Busy {
  #at = 0
  #cpuMillis = 0
  #loop = { idle: 0, active: 0, utilization: 0 }

  /** 0 to 1. */
  take(): number {
    const { performance } = node.performance
    // Since Node 23.9. A thread that naps between tasks is idle, and busy for its event loop.
    const { threadCpuUsage } = process as { threadCpuUsage?: () => CpuUsage }
    if (threadCpuUsage === undefined) {
      const { utilization } = performance.eventLoopUtilization(this.#loop)
      this.#loop = performance.eventLoopUtilization()
      return utilization
    }
    const now = performance.now()
    const { system, user } = threadCpuUsage.call(process)
    const cpuMillis = (system + user) / 1000
    const part = (cpuMillis - this.#cpuMillis) / Math.max(1, now - this.#at)
    this.#at = now
    this.#cpuMillis = cpuMillis
    return Math.min(1, Math.max(0, part))
  }
}
