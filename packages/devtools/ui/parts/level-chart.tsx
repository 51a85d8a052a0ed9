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
  /** Where the trace begins: times are counted from there. */
  readonly begin: number
}

/** A whole number that goes up and down in a trace: how full a channel was, how many waited. */
export function LevelChart({ begin, color, label, max, steps, title }: LevelChartProps) {
  const { times, values } = useMemo(() => {
    const fewer = downsample(steps.time, steps.value, MAX_POINTS)
    return { times: fewer.times.map((time) => (time - begin) / 1e9), values: fewer.values }
  }, [steps, begin])
  const series = useMemo(() => [{ label, color, values }], [label, color, values])
  return (
    <Chart
      {...{ title, times, series, max }}
      format={(value) => String(Math.round(value))}
      formatTime={(seconds) => duration(seconds * 1_000)}
      isStepped
      isFilled
      height={150}
    />
  )
}
