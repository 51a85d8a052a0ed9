/** How much longer than in CI to search: `npm run soak` sets it. A browser has no environment. */
const factor = Number((globalThis as { process?: { env?: Record<string, string> } }).process?.env?.["WEFT_SOAK"] ?? 1)

/** So many schedules in CI, `WEFT_SOAK` times as many in a soak. */
export const schedules = (n: number): number => n * factor
