/** A chart over time. uPlot draws it; beside it stand the same figures in words. */
import { useEffect, useMemo, useRef } from "preact/hooks"
import uPlot from "uplot"
import { color, isDark } from "../shell/theme.ts"
import { useCell } from "../state/cell.ts"

export interface Series {
  readonly label: string
  /** A colour of `tokens.css`. */
  readonly color: string
  readonly values: ReadonlyArray<number | null>
}

export interface ChartProps {
  readonly title: string
  /** Seconds. */
  readonly times: ReadonlyArray<number>
  readonly series: ReadonlyArray<Series>
  readonly format: (value: number) => string
  readonly height?: number
  /** Filled, each upon the one before. */
  readonly isStacked?: boolean
  /** The scale goes up to this at least. */
  readonly max?: number
  /** Steps: a value holds until the next one. */
  readonly isStepped?: boolean
  readonly formatTime?: (seconds: number) => string
  /** Seconds; otherwise as far as there are figures. */
  readonly window?: readonly [from: number, to: number]
  /** The window is at least so long, and new figures come in from the right. */
  readonly minSeconds?: number
  /** The area below a line, lightly. */
  readonly isFilled?: boolean
}

export function Chart(props: ChartProps) {
  const { format, series, title } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const dark = useCell(isDark)
  const shape = series.map(({ color: name, label }) => `${label}:${name}`).join()
  const data = useMemo(() => dataOf(props), [props.times, props.series, props.isStacked])

  useEffect(() => {
    const element = box.current!
    const chart = new uPlot(optionsOf(props, element.clientWidth), data, element)
    plot.current = chart
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: props.height ?? 140 }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [shape, dark, props.height])
  useEffect(() => plot.current?.setData(data), [data])

  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <ul>
          {series.map(({ color: name, label, values }) => (
            <li key={label}>
              <i class={`dot ${name}`} aria-hidden="true" />
              {label} <b>{format(values.at(-1) ?? 0)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="plot" ref={box} aria-hidden="true" />
    </figure>
  )
}

function dataOf({ isStacked, series, times }: ChartProps): uPlot.AlignedData {
  const values = series.map((one) => one.values)
  if (isStacked !== true) return [times, ...values] as uPlot.AlignedData
  const sums = times.map(() => 0)
  const stacked = values.map((one) => one.map((value, i) => (sums[i]! += value ?? 0)))
  // The tallest first: each is painted over the one behind.
  return [times, ...stacked.toReversed()] as uPlot.AlignedData
}

function optionsOf(props: ChartProps, width: number): uPlot.Options {
  const { format, height = 140, isFilled, isStacked, isStepped, max = 0, minSeconds = 0, window } = props
  const axis = {
    stroke: color("muted"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
  }
  const formatTime = props.formatTime ?? clock
  const series = (isStacked === true ? props.series.toReversed() : props.series).map((one): uPlot.Series => {
    const stroke = color(one.color)
    return {
      label: one.label,
      stroke,
      width: isStacked === true ? 0 : 1.5,
      ...(isStacked === true ? { fill: stroke } : isFilled === true ? { fill: `${stroke}40` } : {}),
      ...(isStepped === true ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
      points: { show: false },
    }
  })
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 26, 0, 0],
    scales: {
      x: {
        time: false,
        range: (_plot, low, high) => (window === undefined ? [Math.min(low, high - minSeconds), high] : [...window]),
      },
      y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, max, 1e-9)] },
    },
    axes: [
      { ...axis, size: 22, space: 70, values: (_plot, splits) => splits.map(formatTime) },
      { ...axis, size: 58, space: 30, values: (_plot, splits) => splits.map(format) },
    ],
    series: [{}, ...series],
  }
}

const clock = (seconds: number): string => new Date(seconds * 1_000).toTimeString().slice(0, 8)
