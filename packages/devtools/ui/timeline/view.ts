/** The window of time that the timeline shows, in nanoseconds since the trace's zero. */
export interface View {
  readonly from: number
  readonly to: number
}

export interface Bounds {
  readonly begin: number
  readonly end: number
}

/** Nobody records closer than this. */
const MIN_NANOS = 50

export function zoom(view: View, bounds: Bounds, factor: number, around: number): View {
  const span = Math.max(MIN_NANOS, Math.min((view.to - view.from) * factor, widest(bounds)))
  const share = (around - view.from) / (view.to - view.from)
  return within({ from: around - share * span, to: around + (1 - share) * span }, bounds)
}

export const pan = (view: View, bounds: Bounds, nanos: number): View =>
  within({ from: view.from + nanos, to: view.to + nanos }, bounds)

export const whole = ({ begin, end }: Bounds): View => {
  const margin = (end - begin) * 0.01
  return { from: begin - margin, to: end + margin }
}

const widest = (bounds: Bounds): number => (bounds.end - bounds.begin) * 1.02

/** Some of the trace is always in sight. */
function within({ from, to }: View, { begin, end }: Bounds): View {
  const span = to - from
  const slack = Math.max((end - begin) * 0.01, span * 0.1)
  const start = Math.min(Math.max(from, begin - slack), Math.max(end + slack - span, begin - slack))
  return { from: start, to: start + span }
}

/** As in the address: milliseconds since the trace began, "12.5,20". */
export const formatView = ({ from, to }: View, { begin }: Bounds): string =>
  `${trim((from - begin) / 1e6)},${trim((to - begin) / 1e6)}`

export function parseView(text: string | undefined, bounds: Bounds): View | undefined {
  const [from, to] = (text ?? "").split(",").map(Number)
  if (from === undefined || to === undefined || !(from < to)) return undefined
  return within({ from: bounds.begin + from * 1e6, to: bounds.begin + to * 1e6 }, bounds)
}

const trim = (millis: number): string => String(Number(millis.toFixed(6)))
