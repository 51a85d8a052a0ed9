/**
 * Channels on their way: one of this thread goes as its place, one of another thread keeps its own, and one that comes home is itself again.
 *
 * A channel's thread keeps it while another one may have it, and counts which. What goes for good, as a result or over a channel, is *given*: it counts
 * for the thread to which it goes from the moment when it does. A task's arguments are *lent*, as nobody knows yet which thread will have them, or whether
 * one will: they count for the thread that spawns until the task is over, and for the one that runs it from when they come there.
 */
import { type Channel, nil } from "@weft/channels"
import { threadId } from "@weft/core"
import { asked, channelHere, forgetThread, heldBy, releasedBy } from "./home.ts"
import { Promised } from "./credits.ts"
import { Credits, type Entry, Given, listen, post, Received, Release, whenGone } from "./hub.ts"
import { answered, type ChannelPlace, channelsLost, RemoteChannel } from "./remote-channel.ts"

/** Those that came here, by thread and number; a channel comes as the same object each time while somebody has it. */
const arrived = new Map<string, WeakRef<RemoteChannel<unknown>>>()
const nilName = nil().receiveName

/** What no goroutine here has any more is released there. */
const releases = new FinalizationRegistry<{ readonly place: ChannelPlace; readonly times: { count: number } }>(
  ({ place, times }) => {
    const key = keyOf(place)
    if (arrived.get(key)?.deref() === undefined) arrived.delete(key)
    post(place.thread, [Release, place.channel, times.count])
  },
)
const counts = new WeakMap<RemoteChannel<unknown>, { count: number }>()

/** A channel that goes, given or lent. */
export interface CarriedChannel extends ChannelPlace {
  /** The thread that it is given to; undefined: it is lent. */
  readonly to: number | undefined
}

/** Undefined for the channel that never happens. */
export function carryChannel(channel: Channel<unknown>, to: number | undefined): CarriedChannel | undefined {
  if (channel.receiveName === nilName) return undefined
  if (!(channel instanceof RemoteChannel)) {
    const here = threadId()
    return { thread: here, channel: heldBy(to ?? here, channel), capacity: channel.capacity, to }
  }
  const carried: CarriedChannel = { ...channel.place, to }
  count(carried, 1)
  return carried
}

/** It did not go after all; or what was lent is not needed any more. */
export function carriedNoMore(carried: CarriedChannel): void {
  const here = threadId()
  if (carried.thread === here) releasedBy(carried.to ?? here, carried.channel)
  else count(carried, -1)
}

/** Tells a channel's thread who has it. */
function count({ channel, thread, to }: CarriedChannel, times: number): void {
  if (to === undefined) post(thread, [Release, channel, -times])
  else if (to !== thread) post(thread, [Given, channel, to, times])
}

export function channelFrom(what: unknown): Channel<unknown> {
  if (what === undefined) return nil()
  const { capacity, channel: number, thread, to } = what as CarriedChannel
  const place: ChannelPlace = { thread, channel: number, capacity }
  if (place.thread === threadId()) {
    const here = channelHere(place.channel)
    if (here === undefined) throw new Error("Bug: a channel came home that was released")
    return here
  }
  if (to === undefined) post(thread, [Release, number, -1])
  const known = arrived.get(keyOf(place))?.deref()
  if (known !== undefined) {
    counts.get(known)!.count++
    return known
  }
  const channel = new RemoteChannel<unknown>(place)
  const times = { count: 1 }
  arrived.set(keyOf(place), new WeakRef(channel))
  counts.set(channel, times)
  releases.register(channel, { place, times })
  return channel
}

const keyOf = ({ channel, thread }: Pick<ChannelPlace, "channel" | "thread">): string => `${thread}.${channel}`

listen((from: number, entry: Entry) => {
  if (entry[0] === Credits) {
    const [, channel, words, index] = entry as [number, number, Int32Array<SharedArrayBuffer>, number]
    arrived
      .get(keyOf({ thread: from, channel }))
      ?.deref()
      ?.promise(new Promised(words, index))
  } else if ((entry[0] as number) >= Received) answered(entry)
  else asked(from, entry)
})

whenGone((thread) => {
  forgetThread(thread)
  channelsLost(
    thread,
    [...arrived.values()].flatMap((ref) => ref.deref() ?? []),
  )
})
