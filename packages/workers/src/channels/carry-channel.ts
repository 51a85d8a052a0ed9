/**
 * Channels on their way: one of this thread goes as its place, one of another thread keeps its own, and one that comes home is itself again.
 */
import { type Channel, nil } from "@weft/channels"
import { threadId } from "@weft/core"
import { asked, channelHere, forgetThread, goes } from "./home.ts"
import { type Entry, listen, post, Received, Release } from "./hub.ts"
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

export function carryChannel(channel: Channel<unknown>): unknown {
  listen(onEntry, onGone)
  if (channel.receiveName === nilName) return undefined
  if (channel instanceof RemoteChannel) {
    // One more has it, and will release it.
    post(channel.place.thread, [Release, channel.place.channel, -1])
    return channel.place
  }
  const place: ChannelPlace = { thread: threadId(), channel: goes(channel), capacity: channel.capacity }
  return place
}

export function channelFrom(what: unknown): Channel<unknown> {
  if (what === undefined) return nil()
  listen(onEntry, onGone)
  const place = what as ChannelPlace
  if (place.thread === threadId()) {
    const here = channelHere(place.channel)
    if (here === undefined) throw new Error("Bug: a channel came home that was released")
    return here
  }
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

const keyOf = ({ channel, thread }: ChannelPlace): string => `${thread}.${channel}`

function onEntry(from: number, entry: Entry): void {
  if ((entry[0] as number) >= Received) answered(entry)
  else asked(from, entry)
}

function onGone(thread: number): void {
  forgetThread(thread)
  channelsLost(
    thread,
    [...arrived.values()].flatMap((ref) => ref.deref() ?? []),
  )
}
