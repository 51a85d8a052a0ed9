/** Sizes of the picture, in CSS pixels. */
export const layout = {
  /** Of a track, and of what is painted in it. */
  row: 22,
  bar: 16,
  /** The scale of time. */
  axis: 24,
  minimap: 40,
} as const
