/** The memory of every typed array in a value, each once: what `postMessage` may hand over instead of copying. */
export function buffersOf(value: unknown): Array<ArrayBuffer> {
  const found = new Set<ArrayBuffer>()
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) found.add(part.buffer)
    } else if (part instanceof Map) {
      for (const one of part.values()) visit(one)
    } else if (!Array.isArray(part) || typeof part[0] === "object") {
      for (const one of Object.values(part)) visit(one)
    }
  }
  visit(value)
  return [...found]
}
