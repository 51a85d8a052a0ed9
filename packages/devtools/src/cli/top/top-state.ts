/** What `weft top` shows and in which order: the keys change it, and nothing else does. */

export interface TopState {
  readonly sort: Sort
  readonly isReversed: boolean
  /** Shown are rows that contain it, upper or lower case. */
  readonly filter: string
  /** While a filter is typed: what it was before. */
  readonly typingOver: string | undefined
  readonly isPaused: boolean
  /** The first row shown. */
  readonly top: number
}

export type Sort = "count" | "wait" | "state" | "name"

/** A key as `node:readline` names it; `text` is what it types. */
export interface Key {
  readonly name: string | undefined
  readonly text: string | undefined
  readonly isControl: boolean
}

export const begin: TopState = {
  sort: "count",
  isReversed: false,
  filter: "",
  typingOver: undefined,
  isPaused: false,
  top: 0,
}

/** A state, or what is to be done outside. */
export function pressed(state: TopState, key: Key, page: number): TopState | "quit" | "suspend" {
  if (key.isControl && key.name === "c") return "quit"
  if (key.isControl && key.name === "z") return "suspend"
  if (state.typingOver !== undefined) return typed(state, key)
  const scrolled = (by: number) => ({ ...state, top: Math.max(0, state.top + by) })
  switch (key.name ?? key.text) {
    case "q":
      return "quit"
    case "c":
      return sorted(state, "count")
    case "w":
      return sorted(state, "wait")
    case "s":
      return sorted(state, "state")
    case "n":
      return sorted(state, "name")
    case "r":
      return { ...state, isReversed: !state.isReversed, top: 0 }
    case "p":
    case "space":
      return { ...state, isPaused: !state.isPaused }
    case "/":
    case "f":
      return { ...state, typingOver: state.filter, top: 0 }
    case "escape":
      return { ...state, filter: "", top: 0 }
    case "up":
    case "k":
      return scrolled(-1)
    case "down":
    case "j":
      return scrolled(1)
    case "pageup":
      return scrolled(-page)
    case "pagedown":
      return scrolled(page)
    case "home":
    case "g":
      return { ...state, top: 0 }
    default:
      return state
  }
}

/** Pressing the key of the order that already is turns it round. */
function sorted(state: TopState, sort: Sort): TopState {
  return { ...state, sort, isReversed: state.sort === sort && !state.isReversed, top: 0 }
}

function typed(state: TopState, { isControl, name, text }: Key): TopState {
  if (name === "return" || name === "enter") return { ...state, typingOver: undefined }
  if (name === "escape") return { ...state, filter: state.typingOver ?? "", typingOver: undefined }
  if (name === "backspace") return { ...state, filter: Array.from(state.filter).slice(0, -1).join("") }
  if (isControl && name === "u") return { ...state, filter: "" }
  // Keys that type nothing send an escape sequence.
  const isText = text !== undefined && !isControl && /^[^\p{Cc}]+$/u.test(text)
  return isText ? { ...state, filter: state.filter + text, top: 0 } : state
}
