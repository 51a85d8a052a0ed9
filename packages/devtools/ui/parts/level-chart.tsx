import { useMemo } from "preact/hooks"
import { downsample } from "../model/downsample.ts"
import { duration } from "../model/figures.ts"
import { Chart } from "./chart.tsx"

const MAX_POINTS = 2_000

/** How full a channel was. */
export function LevelChart({
  begin,
  capacity,
  levels,
}: {
  readonly levels: { readonly time: Float64Array; readonly value: Int32Array }
  readonly capacity: number | undefined
  readonly begin: number
}) {
  const { times, values } = useMemo(() => {
    const fewer = downsample(levels.time, levels.value, MAX_POINTS)
    return { times: fewer.times.map((time) => (time - begin) / 1e9), values: fewer.values }
  }, [levels, begin])
  const series = useMemo(() => [{ label: "values held", color: "c-channel", values }], [values])
  return (
    <Chart
      title={capacity === undefined ? "Fill level" : `Fill level of ${capacity}`}
      times={times}
      series={series}
      format={(value) => String(Math.round(value))}
      formatTime={(seconds) => duration(seconds * 1_000)}
      max={capacity ?? 1}
      isStepped
      isFilled
      height={160}
    />
  )
}
