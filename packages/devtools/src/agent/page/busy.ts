/** Stands in for `agent/busy.ts` in pages: no browser tells a page how busy its thread has been. */
export class Busy {
  take(): number {
    return 0
  }
}
