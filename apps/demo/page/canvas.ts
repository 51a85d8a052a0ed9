/** A canvas with as many pixels as it has on the screen, up to two a point. */
export function fitted(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const scale = Math.min(2, devicePixelRatio)
  const width = Math.max(1, Math.round(canvas.clientWidth * scale))
  const height = Math.max(1, Math.round(canvas.clientHeight * scale))
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  return canvas.getContext("2d")!
}
