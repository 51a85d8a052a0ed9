/** Dark or light: as the system says, until the switch says otherwise. */
import { Cell } from "../state/cell.ts"

export type Theme = "system" | "light" | "dark"

const KEY = "weft-theme"
const systemIsDark = matchMedia("(prefers-color-scheme: dark)")
const stored = localStorage.getItem(KEY)

export const theme: Cell<Theme> = new Cell<Theme>(stored === "light" || stored === "dark" ? stored : "system")
/** What is shown. Canvases paint again when it changes. */
export const isDark: Cell<boolean> = new Cell(false)

export function followTheme(): void {
  const apply = (): void => {
    const dark = theme.value === "system" ? systemIsDark.matches : theme.value === "dark"
    document.documentElement.dataset["theme"] = dark ? "dark" : "light"
    isDark.set(dark)
  }
  theme.subscribe(apply)
  systemIsDark.addEventListener("change", apply)
  apply()
}

export function switchTheme(): void {
  const next = isDark.value ? "light" : "dark"
  const isSystem = systemIsDark.matches === (next === "dark")
  if (isSystem) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, next)
  theme.set(isSystem ? "system" : next)
}

/** A colour of `tokens.css`, for canvases. */
export const color = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
