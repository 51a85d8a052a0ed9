/** What the programs of `app/` report. */
export const reported = {
  result: 49,
  isElsewhere: true,
  heard: ["WARP", "WEFT"],
  squares: [1, 4, 9, 16],
  notCloneable: "NotCloneable",
  crash: "WorkerCrashed",
}

/** With `app/bundled.ts`. */
export const bundledReported = { ...reported, inWords: "7 squared" }
