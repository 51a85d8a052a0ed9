/** Where something is in the source: each line of a stack, with file and line apart. Click copies the place. */
import { useState } from "preact/hooks"

export function Stack({ lines }: { readonly lines: ReadonlyArray<string> }) {
  return (
    <ol class="stack">
      {lines.map((line, i) => (
        <li key={i}>
          <Site text={line} />
        </li>
      ))}
    </ol>
  )
}

export function Site({ text }: { readonly text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const { name, place } = split(text)
  const copy = (): void => {
    void navigator.clipboard.writeText(place).then(() => {
      setIsCopied(true)
      setTimeout(() => setIsCopied(false), 1_500)
    })
  }
  return (
    <button class="site" onClick={copy} title="Copy the place">
      {name === "" ? null : <span class="function">{name}</span>}
      <span class="place">{isCopied ? "copied" : place}</span>
    </button>
  )
}

/** "name (file:line:column)", or the place alone. */
function split(text: string): { readonly name: string; readonly place: string } {
  const match = /^(.*) \(([^()]*)\)$/.exec(text)
  return match === null ? { name: "", place: text } : { name: match[1]!, place: match[2]! }
}
