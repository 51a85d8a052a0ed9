/** `POST /switches?name=leak&on=true` */
import type { Switches } from "./mill.ts"
import { Refusal } from "./refusal.ts"

export function turn(switches: Switches, query: URLSearchParams): Record<string, boolean> {
  const name = query.get("name") ?? ""
  if (!Object.hasOwn(switches, name)) throw new Refusal(400, `The switches are ${Object.keys(switches).join(", ")}.`)
  switches[name as keyof Switches].turn(query.get("on") === "true")
  return positions(switches)
}

export const positions = (switches: Switches): Record<string, boolean> =>
  Object.fromEntries(Object.entries(switches).map(([name, { isOn }]: [string, { isOn: boolean }]) => [name, isOn]))
