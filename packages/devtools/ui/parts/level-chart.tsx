import { useMemo } from "preact/hooks"
import { downsample } from "../model/downsample.ts"
import { duration } from "../model/figures.ts"
import type { Steps } from "../model/waiting-over-time.ts"
import { Chart } from "./chart.tsx"

const MAX_POINTS = 2_000

export interface LevelChartProps {
  readonly title: string
  readonly label: string
  /** A colour of `tokens.css`. */
  readonly color: string
  readonly steps: Steps
  /** The scale goes up to this at least. */
  readonly max: number
  /** Of the trace: times are counted from its beginning. */
  readonly bounds: { readonly begin: number; readonly end: number }
}

/** A whole number that goes up and down in a trace: how full a channel was, how many waited. */
export function LevelChart({ bounds: { begin, end }, color, label, max, steps, title }: LevelChartProps) {
  const { times, values } = useMemo(() => {
    const fewer = downsample(steps.time, steps.value, MAX_POINTS)
    // The last one holds until the end.
    const times = [...fewer.times, end].map((time) => (time - begin) / 1e9)
    return { times, values: [...fewer.values, fewer.values.at(-1) ?? 0] }
  }, [steps, begin, end])
  const series = useMemo(() => [{ label, color, values }], [label, color, values])
  return (
    <Chart
      {...{ title, times, series, max }}
      format={(value) => String(Math.round(value))}
      formatTime={(seconds) => duration(seconds * 1_000)}
      window={[0, (end - begin) / 1e9]}
      isStepped
      isFilled
      height={150}
    />
  )
}
