/** Fewer points for a chart: of each stretch the lowest and the highest, so that no peak is lost. */
export function downsample(
  time: Float64Array,
  value: Int32Array,
  max: number,
): { readonly times: Array<number>; readonly values: Array<number> } {
  const step = Math.max(1, Math.ceil(time.length / (max / 2)))
  const times: Array<number> = []
  const values: Array<number> = []
  for (let from = 0; from < time.length; from += step) {
    const to = Math.min(from + step, time.length)
    let low = from
    let high = from
    for (let i = from + 1; i < to; i++) {
      if (value[i]! < value[low]!) low = i
      if (value[i]! > value[high]!) high = i
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      times.push(time[i]!)
      values.push(value[i]!)
    }
  }
  return { times, values }
}
