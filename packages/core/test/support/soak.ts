/** A browser has no environment. */
const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}

/** How much longer than in CI to search: `npm run soak` sets it. */
const factor = Number(environment["WEFT_SOAK"] ?? 1)

/** So many schedules in CI, `WEFT_SOAK` times as many in a soak. */
export const schedules = (n: number): number => n * factor

/** Where a search by chance begins: the same place in CI, another in each soak. `WEFT_SEED` repeats one. */
export const baseSeed = (): number => Number(environment["WEFT_SEED"] ?? 1)

/** So many seeds to try, one for each schedule. */
export const seedsFor = (n: number): ReadonlyArray<number> =>
  Array.from({ length: schedules(n) }, (_, i) => baseSeed() - 1 + i)

/** The searches by chance, so many schedules each: options for `explore`. */
export const byChance = (n: number) =>
  (["random", "pct"] as const).map((strategy) => ({ strategy, schedules: schedules(n), seed: baseSeed() }))
