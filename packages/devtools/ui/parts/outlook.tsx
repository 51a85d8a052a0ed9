import type { WaitNode } from "../../src/analysis/wait-graph.ts"
import type { DumpModel } from "../model/dump-model.ts"
import { format } from "../state/route.ts"
import { GoroutineLink, GoroutineList } from "./goroutine-link.tsx"
import { Part } from "./part.tsx"

/** Who could wake it, and whether anybody will. */
export function Outlook({ model, node }: { readonly node: WaitNode; readonly model: DumpModel }) {
  const wakers = node.wakers.map(({ to }) => model.rowOfNode(to))
  const waiters = node.waiters.map((waiter) => model.rowOfNode(waiter))
  return (
    <>
      {node.knot === undefined ? null : (
        <p class="verdict">
          <strong>{node.knot.kind === "deadlock" ? "Deadlock." : "Dead end."}</strong>{" "}
          {node.knot.members.includes(node)
            ? node.knot.kind === "deadlock"
              ? `It and ${node.knot.members.length - 1} others wait for each other.`
              : "It waits for nobody, and nothing can wake it."
            : "Whoever it waits for is stuck."}{" "}
          <a href={format({ page: "waits", params: { g: model.rowOfNode(node).key } })}>Show the graph</a>
        </p>
      )}
      {node.outlook === "runs" ? null : (
        <Part title="Who could wake it">
          {wakers.length === 0 ? null : <GoroutineList rows={wakers} />}
          {node.rescue === undefined ? null : (
            <p class="muted">
              It goes on once <GoroutineLink row={model.rowOfNode(node.rescue.to)} /> does.
            </p>
          )}
          {node.goroutine.isWokenFromOutside === true ? <p>A timer, a promise, I/O or another thread.</p> : null}
          {node.outlook === "open" && node.goroutine.isWokenFromOutside !== true ? (
            <p class="muted">Whoever can reach what it waits on.</p>
          ) : null}
          {wakers.length === 0 && node.outlook === "stuck" ? <p>Nobody.</p> : null}
        </Part>
      )}
      {waiters.length === 0 ? null : (
        <Part title={`Waits for this one (${waiters.length})`}>
          <GoroutineList rows={waiters} />
        </Part>
      )}
    </>
  )
}
