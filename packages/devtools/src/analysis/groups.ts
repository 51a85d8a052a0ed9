/**
 * Groups: goroutines that do the same at the same place, as Go's dumps list them.
 *
 * The same is: status, wait reason, stack and where they were started. Where no stack is known the name stands for it, as it is mostly the function's.
 *
 * Start sites are captured within a budget, so that of goroutines started at one place only some may have it. One without a site joins the group that is
 * otherwise the same, if there is only one.
 */
import type { GoroutineDump, ThreadDump } from "../format/dump.ts"

export interface GoroutineGroup {
  readonly status: GoroutineDump["status"]
  readonly reason: string | undefined
  readonly stack: ReadonlyArray<string>
  readonly startedAt: string | undefined
  /** At least one; longest wait first. */
  readonly members: ReadonlyArray<Member>
}

export interface Member {
  readonly thread: number
  readonly goroutine: GoroutineDump
}

/** What a dump and a part of one have. */
export interface Threads {
  readonly threads: ReadonlyArray<Pick<ThreadDump, "thread" | "goroutines"> & Partial<ThreadDump>>
}

/** Most numerous first, then main, then who waits longest. */
export function groups(dump: Threads): ReadonlyArray<GoroutineGroup> {
  const alike = new Map<string, Map<string | undefined, Array<Member>>>()
  // Goroutines that wait at one place share an array. A number for each place: keys of whole stacks would take longer than all the rest.
  const places = new Map<ReadonlyArray<string>, string>()
  const numbers = new Map<string, string>()
  const number = (place: string): string => getOrAdd(numbers, place, () => `${numbers.size}`)
  const place = ({ stack, name }: GoroutineDump) =>
    stack.length === 0 ? `named ${name}` : getOrAdd(places, stack, () => number(stack.join("\n")))
  for (const { thread, goroutines } of dump.threads)
    for (const goroutine of goroutines) {
      const likeness = `${goroutine.status}\n${goroutine.reason ?? ""}\n${place(goroutine)}`
      const bySite = getOrAdd(alike, likeness, () => new Map<string | undefined, Array<Member>>())
      getOrAdd(bySite, goroutine.startedAt, () => []).push({ thread, goroutine })
    }
  const found: Array<GoroutineGroup> = []
  for (const bySite of alike.values()) {
    if (bySite.size === 2) joinSiteless(bySite)
    for (const [startedAt, members] of bySite) found.push(groupOf(startedAt, members))
  }
  return found.sort((a, b) => b.members.length - a.members.length || rank(first(b), first(a)))
}

function first(group: GoroutineGroup): Member {
  return group.members[0]!
}

function rank(a: Member, b: Member): number {
  return Number(a.goroutine.isMain) - Number(b.goroutine.isMain) || a.goroutine.waitMillis - b.goroutine.waitMillis
}

function groupOf(startedAt: string | undefined, found: Array<Member>): GoroutineGroup {
  const members = found.length < many ? found.sort((a, b) => rank(b, a)) : sortedMany(found)
  const { status, reason, stack } = members[0]!.goroutine
  return { status, reason, stack, startedAt, members }
}

const many = 10_000
/** More goroutines than a dump can have, and more milliseconds than a row can say: both fit into the 53 bits of a number. */
const mostMembers = 2 ** 21
const mostMillis = 2 ** 31

/** The same order by numbers that have all of it, wait and place: a million members are compared by no function of ours. */
function sortedMany(members: ReadonlyArray<Member>): ReadonlyArray<Member> {
  if (members.length > mostMembers) return members.toSorted((a, b) => rank(b, a))
  const keys = Float64Array.from(members, ({ goroutine: { isMain, waitMillis } }, place) => {
    const wait = isMain ? mostMillis : Math.min(Math.floor(waitMillis), mostMillis - 1)
    return (mostMillis - wait) * mostMembers + place
  })
  return Array.from(keys.sort(), (key) => members[key % mostMembers]!)
}

function joinSiteless(bySite: Map<string | undefined, Array<Member>>): void {
  const siteless = bySite.get(undefined)
  if (siteless === undefined) return
  bySite.delete(undefined)
  for (const members of bySite.values()) for (const member of siteless) members.push(member)
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
