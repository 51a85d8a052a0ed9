/** Keys of the whole page, and the list that `?` shows. A page adds its own while it is open. */
import { useEffect } from "preact/hooks"
import { Cell } from "../state/cell.ts"

export interface KeyBinding {
  /** As `KeyboardEvent.key` has it. */
  readonly keys: ReadonlyArray<string>
  readonly does: string
  readonly run: (event: KeyboardEvent) => void
}

export const bindings: Cell<ReadonlyArray<{ title: string; list: ReadonlyArray<KeyBinding> }>> = new Cell<
  ReadonlyArray<{ title: string; list: ReadonlyArray<KeyBinding> }>
>([])

/** Bound while the component is shown; `list` must keep its identity. */
export function useKeys(title: string, list: ReadonlyArray<KeyBinding>): void {
  useEffect(() => {
    const mine = { title, list }
    bindings.set([...bindings.value, mine])
    return () => bindings.set(bindings.value.filter((one) => one !== mine))
  }, [title, list])
}

export function followKeys(): void {
  addEventListener("keydown", (event) => {
    // A dialog has its keys to itself.
    if (document.querySelector("dialog[open]") !== null) return
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    // The page's own keys before those of everywhere.
    for (const { list } of bindings.value.toReversed()) {
      const binding = list.find(({ keys }) => keys.includes(event.key))
      if (binding === undefined) continue
      event.preventDefault()
      return binding.run(event)
    }
  })
}

function isTyping({ key, target }: KeyboardEvent): boolean {
  if (key === "Escape" || !(target instanceof HTMLElement)) return false
  if (target.matches("input, select, textarea")) return true
  // Enter and space are theirs.
  return target.matches("button, a, summary") && (key === "Enter" || key === " ")
}
