/** Pages of browsers that have connected, and how others do. */
import { useEffect, useState } from "preact/hooks"
import type { PageEntry, PagesReply } from "../../src/web/api.ts"
import { getPages } from "../api/client.ts"
import { plural } from "../model/figures.ts"
import { connection, messageOf, showPages } from "../state/observed.ts"

const EVERY_MILLIS = 1_000

export function ConnectedPages() {
  const reply = usePages()
  if (reply === undefined) return null
  const here = reply.pages.filter(isHere)
  const gone = reply.pages.filter((page) => !isHere(page))
  return (
    <section class="page connected-pages">
      <h1>Pages</h1>
      {here.length === 0 ? (
        <p class="lead" role="status">
          Waiting for a page to connect. It appears here by itself.
        </p>
      ) : (
        <List title={plural(here.length, "page")} pages={here} />
      )}
      {reply.refused.map((origin) => (
        <p class="notice" key={origin}>
          A page of <strong>{origin}</strong> wants to connect. <code>weft ui --pages --allow {origin}</code> would let
          it.
        </p>
      ))}
      <h2>Connect a page</h2>
      <p class="muted">By a line in its code, or in that of a worker:</p>
      <Copied
        label="line of code"
        text={`import { connect } from "@weft/devtools/browser"\nconnect("${reply.address}").catch(console.warn)`}
      />
      <p class="muted">
        By a bookmark, for a page that has prepared nothing: drag <a href={reply.bookmarklet}>Weft: connect</a> to your
        bookmarks, then click it on the page.
      </p>
      <Copied label="bookmark" text={reply.bookmarklet} />
      {gone.length === 0 ? null : <List title="Gone" pages={gone} />}
    </section>
  )
}

const isHere = ({ ended }: PageEntry): boolean => ended === undefined

function List({ pages, title }: { readonly title: string; readonly pages: ReadonlyArray<PageEntry> }) {
  return (
    <>
      <h2>{title}</h2>
      <ul class="page-list">
        {pages.map(({ connectedAt, ended, number, runtime, threads, title, url }) => (
          <li key={number}>
            <a href={`/page/${number}/`}>{title === "" ? url : title}</a> <span class="muted">{url}</span>
            <p class="muted">
              {runtime}, {ended ?? plural(threads, "thread")}, connected at {new Date(connectedAt).toLocaleTimeString()}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Copied({ label, text }: { readonly label: string; readonly text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setIsCopied(true))
  }
  return (
    <div class="copied">
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button onClick={copy}>{isCopied ? "Copied" : "Copy"}</button>
    </div>
  )
}

function usePages(): PagesReply | undefined {
  const [reply, set] = useState<PagesReply | undefined>(undefined)
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      try {
        const found = await getPages()
        set(found)
        showPages(found.pages.filter(isHere).length)
      } catch (error) {
        connection.set({ is: "lost", why: messageOf(error) })
      }
      if (!isOver) timer = setTimeout(() => void look(), EVERY_MILLIS)
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [])
  return reply
}
