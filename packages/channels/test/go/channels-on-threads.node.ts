/** What the threads of Go's tests of channels run: runtime/chan_test, and those of its test directory, on shared channels. */
import { codec, select, sharedChan, type SharedChannel, type SharedChannelHandle, trySelect } from "@weft/channels"
import { go, type Goroutine, gosched, type Op, run } from "@weft/core"

type Steps<A = void> = Generator<Op<unknown, unknown>, A, unknown>
type Handle = SharedChannelHandle<number>
type Numbers = SharedChannel<number>

const attached = (handle: Handle): Numbers => sharedChan.from(codec.i32, handle)

/** A goroutine's body, whose ops fail only where the test does. */
const asBody = <A>(steps: () => Steps<A>) => steps as () => Generator<Op<unknown>, A, never>
const running = <A>(steps: () => Steps<A>): Promise<A> => run<A, Op<unknown>>(asBody(steps))
const starting = <A>(steps: () => Steps<A>): Goroutine<A> => go(asBody(steps))

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** Words by which threads tell each other how far they are. */
function tell(words: Int32Array, word: number, value = 1): void {
  Atomics.store(words, word, value)
}
function* heard(words: Int32Array, word: number, value = 1): Steps {
  while (Atomics.load(words, word) < value) yield* gosched()
}

function* waiting(...all: ReadonlyArray<Goroutine<unknown, unknown>>): Steps {
  while (!all.every(({ status }) => status === "waiting")) yield* gosched()
}

function* joined(all: ReadonlyArray<Goroutine<unknown, unknown>>): Steps {
  for (const goroutine of all) yield* goroutine.join() as Op<unknown>
}

// ---- runtime/chan_test

export interface OfCapacity {
  readonly waits: Handle
  readonly closes: Handle
  readonly drains: Handle
  readonly orders: Handle
  readonly words: Int32Array
}

/** Thread 1 waits in every way, thread 0 lets it go on; then what is closed drains, and what is sent keeps its order. */
export function sendOrReceive(all: ReadonlyArray<OfCapacity>, index: number): Promise<void> {
  return running(function* () {
    for (const each of all) yield* (index === 0 ? letGoOn : wait)(each)
  })
}

function* wait({ closes, drains, orders, waits, words }: OfCapacity): Steps {
  const [ch, closing, ordered] = [attached(waits), attached(drains), attached(orders)]
  const { capacity } = ch
  let [received, sent] = [0, 0]
  const receivers = [
    function* (): Steps {
      yield* ch.receive()
      received++
    },
    function* (): Steps {
      yield* ch.next()
      received++
    },
    function* (): Steps {
      yield* select({ in: ch.receive() })
      received++
    },
  ].map(starting)
  yield* waiting(...receivers)
  check(received === 0, "receive from empty chan")
  tell(words, 0)
  yield* joined(receivers)

  for (let i = 0; i < capacity; i++) yield* ch.send(i)
  const senders = [
    function* (): Steps {
      yield* ch.send(1_000)
      sent++
    },
    function* (): Steps {
      yield* select({ out: ch.send(1_000) })
      sent++
    },
  ].map(starting)
  yield* waiting(...senders)
  check(sent === 0, "send to full chan")
  tell(words, 1)
  yield* joined(senders)

  let isOk: boolean | undefined
  const parked = starting(function* () {
    isOk = (yield* attached(closes).next()).ok
  })
  yield* waiting(parked)
  tell(words, 2)
  yield* joined([parked])
  check(isOk === false, "the close wakes with ok false")

  yield* heard(words, 3)
  check(closing.length === capacity && closing.capacity === capacity && closing.closed, "length and capacity")
  for (let i = 0; i < capacity; i++) check((yield* closing.next()).value === i, "what is buffered is kept")
  for (let i = 0; i < 3; i++) check(!(yield* closing.next()).ok, "and then it has ended")

  for (let i = 0; i < 100; i++) check((yield* ordered.receive()) === i, "the order is kept")
}

function* letGoOn({ closes, drains, orders, waits, words }: OfCapacity): Steps {
  const [ch, closing, ordered] = [attached(waits), attached(drains), attached(orders)]
  yield* heard(words, 0)
  for (let i = 0; i < 3; i++) yield* ch.send(i)
  yield* heard(words, 1)
  for (let i = 0; i < ch.capacity; i++) check((yield* ch.receive()) === i, "what was sent first comes first")
  for (let i = 0; i < 2; i++) check((yield* ch.receive()) === 1_000, "and then what waited")
  yield* heard(words, 2)
  attached(closes).close()
  for (let i = 0; i < ch.capacity; i++) yield* closing.send(i)
  closing.close()
  tell(words, 3)
  for (let i = 0; i < 100; i++) yield* ordered.send(i)
}

/** Of each thread one goroutine sends all values and one receives as many. Answers how often each was received here, of each channel. */
export function sendAndReceive({ channels, values }: { channels: ReadonlyArray<Handle>; values: number }) {
  return running(function* () {
    const all: Array<Array<number>> = []
    for (const handle of channels) {
      const ch = attached(handle)
      const times = new Array<number>(values).fill(0)
      all.push(times)
      yield* joined([
        starting(function* () {
          for (let i = 0; i < values; i++) yield* ch.send(i)
        }),
        starting(function* () {
          for (let i = 0; i < values; i++) times[(yield* ch.receive())!]!++
        }),
      ])
    }
    return all
  })
}

export interface Racing {
  readonly channels: ReadonlyArray<Handle>
  readonly words: Int32Array
}

/** Of each channel thread 1 tries to receive while thread 0 closes it and receives. Answers how often there was nothing to receive. */
export function tryWhileClosing({ channels, words }: Racing, index: number): Promise<number> {
  return running(function* () {
    let misses = 0
    for (const [i, handle] of channels.entries()) {
      const ch = attached(handle)
      if (index === 0) {
        yield* ch.send(1)
        tell(words, 0, i + 1)
        ch.close()
        yield* ch.receive()
        yield* heard(words, 1, i + 1)
      } else {
        yield* heard(words, 0, i + 1)
        if (trySelect({ in: ch.receive() }) === undefined) misses++
        tell(words, 1, i + 1)
      }
    }
    return misses
  })
}

export interface Consuming {
  readonly queue: Handle
  readonly results: Handle
  readonly items: number
  /** How many there are on all threads, and how many of them have not ended. */
  readonly workers: number
  readonly left: Int32Array
}

/** Thread 0 sends all items and counts the results; on the others workers range over the queue. */
export function consume({ items, left, queue, results, workers }: Consuming, index: number) {
  const [q, r] = [attached(queue), attached(results)]
  const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
  return running(function* () {
    if (index === 0) {
      let [expected, count, sum] = [0, 0, 0]
      starting(function* () {
        for (let i = 0; i < items; i++) {
          const value = primes[i % primes.length]!
          expected += value
          yield* q.send(value)
        }
        q.close()
      })
      yield* r.forEach((value) => {
        count++
        sum += value
      })
      return { count, sum, expected }
    }
    const own = Array.from({ length: workers }, (_, worker) => worker).filter((worker) => worker % 2 === index - 1)
    const all = own.map((worker) =>
      starting(function* () {
        yield* q.forEach(function* (value) {
          // Some work, and now and then a pause.
          if (primes[worker % primes.length]! === value) yield* gosched()
          yield* r.send(value)
        })
        if (Atomics.sub(left, 0, 1) === 1) r.close()
      }),
    )
    yield* joined(all)
    return undefined
  })
}

/** Each thread sends its index, or receives, whichever comes first. Answers how often it received, and how often that was its own. */
export function selectBothWays(
  { channels, rounds }: { channels: ReadonlyArray<Handle>; rounds: number },
  player: number,
) {
  return running(function* () {
    const all: Array<{ sent: number; received: number; own: number }> = []
    for (const handle of channels) {
      const ch = attached(handle)
      let [sent, received, own] = [0, 0, 0]
      for (let i = 0; i < rounds; i++) {
        const hit =
          player === 0 || i % 2 === 0
            ? yield* select({ out: ch.send(player), in: ch.receive() })
            : yield* select({ in: ch.receive(), out: ch.send(player) })
        if (hit.case === "out") sent++
        else {
          received++
          if (hit.value === player) own++
        }
      }
      all.push({ sent, received, own })
    }
    return all
  })
}

// ---- test/chan

export interface Trying {
  readonly values: Handle
  readonly sync: Handle
  readonly words: Int32Array
}

/** As long as it takes a partner on another thread to come. */
function* until<A>(attempt: () => A | undefined): Steps<A> {
  for (;;) {
    const result = attempt()
    if (result !== undefined) return result
    yield* gosched()
  }
}

/** Thread 0 tries, thread 1 waits. At capacity 0 a `trySend` reaches only receivers of its own thread. */
export function tryOrWait(all: ReadonlyArray<Trying>, index: number): Promise<void> {
  return running(function* () {
    for (const { sync, values, words } of all) {
      const [ch, told] = [attached(values), attached(sync)]
      const { capacity } = ch
      if (index === 1) {
        yield* heard(words, 0)
        check((yield* ch.receive()) === 123, "the value that was tried to send")
        yield* told.send(1)
        yield* ch.send(234)
        yield* told.send(1)
        continue
      }
      check(ch.tryReceive() === undefined, "tryReceive from nobody")
      check(trySelect({ in: ch.receive() }) === undefined, "trySelect from nobody")
      if (capacity === 0) {
        check(!ch.trySend(1), "trySend to nobody")
        check(trySelect({ out: ch.send(1) }) === undefined, "trySelect to nobody")
      }
      tell(words, 0)
      if (capacity === 0) yield* ch.send(123)
      else yield* until(() => ch.trySend(123) || undefined)
      yield* told.receive()
      check((yield* until(() => trySelect({ in: ch.receive() })?.value)) === 234, "the value that was waited to send")
      yield* told.receive()
      check(ch.tryReceive() === undefined, "nothing is left")
      for (let i = 0; i < capacity; i++) check(ch.trySend(i), "there is room")
      check(!ch.trySend(capacity), "it is full")
    }
  })
}

/** A sieve whose filters are on both threads in turn; the first one's also has the numbers. Notes the prime of each filter. */
export function sieve({ channels, primes }: { channels: ReadonlyArray<Handle>; primes: Int32Array }, index: number) {
  const all = channels.map(attached)
  return running(function* () {
    if (index === 0)
      starting(function* () {
        for (let i = 2; i <= 100; i++) yield* all[0]!.send(i)
        all[0]!.close()
      })
    const filters = all.map((from, i) =>
      starting(function* () {
        if (i % 2 !== index) return
        const prime = yield* from.take()
        primes[i] = prime
        const to = all[i + 1]
        yield* from.forEach(function* (n) {
          if (n % prime !== 0) yield* to!.send(n)
        })
        to?.close()
      }),
    )
    yield* joined(filters)
  })
}

// ---- test

type Got = { readonly value: number | undefined; readonly ok: boolean | undefined }

/** Every form of receive: plain, comma ok, in a select, with default. */
const receives: Readonly<Record<string, (ch: Numbers) => Steps<Got>>> = {
  *receive(ch) {
    return { value: yield* ch.receive(), ok: undefined }
  },
  *next(ch) {
    return yield* ch.next()
  },
  *take(ch) {
    try {
      return { value: yield* ch.take(), ok: true }
    } catch (error) {
      check((error as Error).name === "ChannelClosed", String(error))
      return { value: undefined, ok: false }
    }
  },
  *tryReceive(ch) {
    return ch.tryReceive()!
  },
  *select(ch) {
    return { value: (yield* select({ in: ch.receive() })).value, ok: undefined }
  },
  *selectOk(ch) {
    return (yield* select({ in: ch.next() })).value
  },
  *trySelect(ch) {
    return { value: trySelect({ in: ch.receive() })!.value, ok: undefined }
  },
  *trySelectOk(ch) {
    return trySelect({ in: ch.next() })!.value
  },
}

const sends: Readonly<Record<string, (ch: Numbers) => Steps>> = {
  *send(ch) {
    yield* ch.send(2)
  },
  *trySend(ch) {
    ch.trySend(2)
  },
  *select(ch) {
    yield* select({ out: ch.send(2) })
  },
  *trySelect(ch) {
    trySelect({ out: ch.send(2) })
  },
}

export const receiveForms: ReadonlyArray<string> = Object.keys(receives)
export const sendForms: ReadonlyArray<string> = Object.keys(sends)

/** Receives in this form so many times. */
export function receiveAll(all: ReadonlyArray<{ channel: Handle; form: string; times: number }>) {
  return running(function* () {
    const got: Array<Array<Got>> = []
    for (const { channel, form, times } of all) {
      const ch = attached(channel)
      const each: Array<Got> = []
      for (let i = 0; i < times; i++) each.push(yield* receives[form]!(ch))
      got.push(each)
    }
    return got
  })
}

function* thrownBy(steps: () => Steps): Steps<string> {
  try {
    yield* steps()
    return "nothing"
  } catch (error) {
    return String(error)
  }
}

/** Sends in this form, and closes, thrice; answers what was thrown. */
export function sendAll(all: ReadonlyArray<{ channel: Handle; form: string }>): Promise<Array<Array<string>>> {
  return running(function* () {
    const thrown: Array<Array<string>> = []
    for (const { channel, form } of all) {
      const ch = attached(channel)
      const each: Array<string> = []
      for (let i = 0; i < 3; i++) {
        each.push(yield* thrownBy(() => sends[form]!(ch)))
        each.push(
          yield* thrownBy(function* () {
            ch.close()
          }),
        )
      }
      thrown.push(each)
    }
    return thrown
  })
}

/** Answers length and capacity, before and after it has sent two; and what each of the capacities throws. */
export function measure({ bad, channel }: { bad: ReadonlyArray<number>; channel: Handle }) {
  return running(function* () {
    const ch = attached(channel)
    const before = [ch.length, ch.capacity]
    for (let i = 0; i < 2; i++) yield* ch.send(i)
    const thrown: Array<string> = []
    for (const capacity of bad)
      thrown.push(
        yield* thrownBy(function* () {
          sharedChan(codec.i32, capacity)
        }),
      )
    return { before, after: [ch.length, ch.capacity], thrown }
  })
}

// ---- test/ken

export interface Ends {
  readonly channels: ReadonlyArray<Handle>
  /** Whether one goroutine serves all of them by select; else each has one of its own. */
  readonly isSendBySelect: boolean
  readonly isReceiveBySelect: boolean
}

const perChannel = 10

/** Channel i carries 1000 * i and those that follow. Thread 0 sends, thread 1 receives and checks. */
export function keepSequences(all: ReadonlyArray<Ends>, index: number): Promise<void> {
  return running(function* () {
    for (const { channels, isReceiveBySelect, isSendBySelect } of all) {
      const ends = channels.map((handle, i) => ({ ch: attached(handle), next: 1000 * i, end: 1000 * i + perChannel }))
      const isBySelect = index === 0 ? isSendBySelect : isReceiveBySelect
      const op = ({ ch, next }: (typeof ends)[0]): Op<number | void | undefined> =>
        index === 0 ? ch.send(next) : ch.receive()
      const passed = (end: (typeof ends)[0], value: number | void | undefined): void => {
        check(index === 0 || value === end.next, `${String(value)} came for ${end.next}`)
        end.next++
      }
      if (isBySelect)
        for (let open = ends; open.length > 0; open = open.filter((end) => end.next < end.end)) {
          const hit = yield* select(Object.fromEntries(open.map((end, i) => [`c${i}`, op(end)])))
          passed(open[Number(hit.case.slice(1))]!, hit.value)
        }
      else
        yield* joined(
          ends.map((end) =>
            starting(function* () {
              while (end.next < end.end) passed(end, yield* op(end))
            }),
          ),
        )
    }
  })
}

/** Thread 0 sends so many; on the others five goroutines each count what they receive. */
export function countEach({ channel, times }: { channel: Handle; times: Int32Array }, index: number): Promise<void> {
  const ch = attached(channel)
  return running(function* () {
    if (index === 0) {
      for (let i = 0; i < times.length; i++) yield* ch.send(i)
      ch.close()
      return
    }
    const receivers = Array.from({ length: 5 }, () =>
      starting(function* () {
        yield* ch.forEach((value) => void Atomics.add(times, value, 1))
      }),
    )
    yield* joined(receivers)
  })
}
