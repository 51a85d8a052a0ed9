import { useEffect, useRef } from "preact/hooks"
import { useCell } from "../state/cell.ts"
import { bindings } from "./keys.ts"

const names: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
}

/** Every key that does something here. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const groups = useCell(bindings)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog class="key-list" ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <header>
        <h2 id="keys-title">Keys</h2>
        <button class="quiet" onClick={() => dialog.current?.close()}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div class="key-groups">
        {groups.map(({ list, title }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {list.map(({ does, keys }) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{names[key] ?? key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  )
}
