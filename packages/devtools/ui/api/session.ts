/**
 * The token, out of the address and into this tab.
 *
 * It comes behind the `#`, which no server sees. It leaves the address bar and the tab's history at once, so that an address that is copied from there
 * shares what is looked at and not the right to look. `sessionStorage` belongs to this origin, port included; a cookie would not.
 */
const KEY = "weft-token"

export function takeToken(): string | undefined {
  const match = /^#token=([\w-]+)/.exec(location.hash)
  if (match?.[1] !== undefined) {
    sessionStorage.setItem(KEY, match[1])
    history.replaceState(null, "", `${location.pathname}#/overview`)
  }
  return token()
}

/** Where what is looked at answers: of several pages of browsers each has a path of its own. */
export const base: string = /^\/page\/\d+(?=\/)/.exec(location.pathname)?.[0] ?? ""

export const token = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined

export function keepToken(text: string): void {
  // People paste the whole address as well.
  sessionStorage.setItem(KEY, text.trim().replace(/^.*#token=/, ""))
}
