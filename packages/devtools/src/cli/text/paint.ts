/**
 * Paint: colours in text that also holds what another process says.
 *
 * Names and paths of the process that is looked at may contain escape sequences, which must not reach the terminal. So styles are written as private-use
 * characters, and `render`, the one way out, takes all control characters away before it makes escape sequences of those. A name that contains a private-use
 * character gets at most a colour.
 */
const firstMark = 0xe000

export const bold: Style = style(1)
export const dim: Style = style(2)
export const red: Style = style(31)
export const green: Style = style(32)
export const yellow: Style = style(33)
export const cyan: Style = style(36)
/** For the selected line and the headings of a table. */
export const inverse: Style = style(7)

export type Style = (text: string) => string

/** What may be written to a terminal. */
export function render(text: string, isColored: boolean): string {
  return text
    .replace(controls, "\u{fffd}")
    .replace(marks, (mark) => (isColored ? `\u001b[${mark.charCodeAt(0) - firstMark}m` : ""))
}

/** Columns that it takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text.replace(marks, "")) width += wide.test(character) ? 2 : 1
  return width
}

/** The part that fits into `columns`, with an ellipsis where something is missing. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let fitting = ""
  let width = 0
  for (const character of text) {
    const isMark = isMarkCode(character.charCodeAt(0))
    width += isMark ? 0 : wide.test(character) ? 2 : 1
    // Marks after the cut still count: they end a style.
    if (isMark || width < columns) fitting += character
  }
  const end = /[\uE000-\uE0FF]*$/u.exec(fitting)?.index ?? fitting.length
  return `${fitting.slice(0, end)}…${fitting.slice(end)}`
}

/** Text without styles, of which the middle is left out where it does not fit: its beginning and its end tell most. */
export function fitMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const characters = Array.from(text)
  const head = withinColumns(characters, Math.ceil((columns - 1) / 2))
  const tail = withinColumns(characters.reverse(), columns - 1 - widthOf(head))
  return `${head}…${Array.from(tail).reverse().join("")}`
}

function withinColumns(characters: ReadonlyArray<string>, columns: number): string {
  let fitting = ""
  let left = columns
  for (const character of characters) {
    left -= widthOf(character)
    if (left < 0) break
    fitting += character
  }
  return fitting
}

export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)))
}

export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text
}

function style(code: number): Style {
  const begin = String.fromCharCode(firstMark + code)
  const end = String.fromCharCode(firstMark)
  return (text) => begin + text + end
}

function isMarkCode(code: number): boolean {
  return code >= firstMark && code < firstMark + 256
}

const marks = /[\uE000-\uE0FF]/gu
// All but the line feed; also what turns the direction of the text, as that can make it say something else.
const controls = /(?!\n)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u
