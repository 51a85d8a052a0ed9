import { describe, expect, it } from "vitest"
import { DumpModel } from "../../ui/model/dump-model.ts"
import { bytes, duration } from "../../ui/model/figures.ts"
import { objectsNow } from "../../ui/model/object-row.ts"
import { filterRows, sortRows } from "../../ui/model/table-order.ts"
import { waitingOverTime } from "../../ui/model/waiting-over-time.ts"
import { drawWaits } from "../../ui/model/wait-drawing.ts"
import { ticks } from "../../ui/timeline/ticks.ts"
import { formatView, pan, parseView, whole, zoom } from "../../ui/timeline/view.ts"
import { shopDump } from "./support/shop.ts"

const shop = new DumpModel(shopDump())

describe("filter and order", () => {
  it("keeps rows that have every word, in the field that is named", () => {
    expect(filterRows(shop.rows, "handleorder mutex")).toHaveLength(38)
    expect(filterRows(shop.rows, "#41")).toHaveLength(1)
    expect(filterRows(shop.rows, 'reason:"chan send" thread:main')).toHaveLength(64)
    expect(filterRows(shop.rows, "name:mutex")).toHaveLength(0)
  })

  it("orders by a column, or against it", () => {
    const byWait = sortRows(shop.rows, "-wait")
    expect(byWait[0]!.name).toBe("main")
    expect(sortRows(shop.rows, "wait").at(-1)!.name).toBe("main")
    expect(sortRows(shop.rows, "nonsense")).toBe(shop.rows)
  })
})

describe("the drawing of the wait-for graph", () => {
  it("marks the arrows of a deadlock, and only those", () => {
    const { arrows, boxes } = drawWaits(shop, undefined)
    expect(
      boxes
        .filter(({ isStuck, kind }) => isStuck && kind === "goroutine")
        .map(({ title }) => title)
        .sort(),
    ).toEqual(["closeLedger #203", "refundPayment #202", "settleOrder #201"])
    expect(arrows.filter(({ isStuck }) => isStuck)).toHaveLength(6)
    expect(
      drawWaits(new DumpModel(shopDump({ deadlocked: false })), undefined).arrows.some(({ isStuck }) => isStuck),
    ).toBe(false)
  })

  it("draws a crowd that does the same as one box, and the selected one apart", () => {
    const crowd = drawWaits(shop, undefined).boxes.filter(({ title }) => title.includes("handleOrder"))
    expect(crowd.map(({ rows }) => rows.length)).toEqual([38])
    const apart = drawWaits(shop, "0:50").boxes.filter(({ title }) => title.includes("handleOrder"))
    expect(apart.map(({ rows }) => rows.length).sort()).toEqual([1, 37])
  })

  it("stays small, and says how many it left out", () => {
    const dump = shopDump()
    const [main] = dump.threads
    const goroutines = Array.from({ length: 5_000 }, (_, i) => ({
      ...main!.goroutines.find(({ name }) => name === "handleOrder")!,
      ...{ id: 10_000 + i, name: `one of many ${i}` },
    }))
    const large = new DumpModel({ ...dump, threads: [{ ...main!, goroutines: [...main!.goroutines, ...goroutines] }] })
    const { boxes, leftOut } = drawWaits(large, undefined)
    expect(boxes.length).toBeLessThan(160)
    expect(leftOut).toBeGreaterThan(4_000)
    expect(boxes.filter(({ isStuck }) => isStuck)).toHaveLength(6)
  })
})

describe("channels and locks", () => {
  it("are told apart by what is waited for", () => {
    const channels = objectsNow(shop, "channel")
    const locks = objectsNow(shop, "lock")
    expect(channels.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["Rendezvous", "Buffered"]))
    expect(locks.map(({ kind }) => kind).sort()).toEqual([
      "Mutex",
      "Mutex",
      "Mutex",
      "RWMutex",
      "Semaphore",
      "WaitGroup",
    ])
    expect(locks[0]).toMatchObject({ id: 5, owner: { name: "reserveStock" } })
    expect(locks[0]!.waiting).toHaveLength(38)
  })
})

describe("waiting over time", () => {
  it("goes up with each wait for the object, and down with its end", () => {
    const wait = (begin: number, end: number, object: number) => ({ begin, end, object })
    const all = [wait(1, 5, 7), wait(2, 3, 9), wait(3, 5, 7), wait(5, Infinity, 7)]
    const waits = {
      length: all.length,
      begin: Float64Array.from(all, ({ begin }) => begin),
      end: Float64Array.from(all, ({ end }) => end),
      object: Int32Array.from(all, ({ object }) => object),
      ...{ goroutine: new Int32Array(4), reason: new Int32Array(4), waker: new Int32Array(4) },
    }
    const { time, value } = waitingOverTime({ waits }, 7)
    expect([...time]).toEqual([1, 3, 5, 5, 5])
    expect([...value]).toEqual([1, 2, 1, 0, 1])
  })
})

describe("figures", () => {
  it("have three digits and a unit", () => {
    expect([0, 0.0004, 0.25, 3.414, 14, 999.96, 61_000, 7_412_000].map(duration)).toEqual([
      ..."0|400 ns|250 µs|3.41 ms|14 ms|1000 ms|1 min 1 s|2 h 3 min".split("|"),
    ])
    expect([12, 1_234, 5e9].map(bytes)).toEqual(["12 B", "1.23 kB", "5 GB"])
  })
})

describe("the window of time", () => {
  const bounds = { begin: 1_000, end: 1_001_000 }

  it("survives the address", () => {
    const view = { from: 51_000, to: 251_000 }
    expect(parseView(formatView(view, bounds), bounds)).toEqual(view)
    for (const text of [undefined, "", "5", "9,3", "a,b"]) expect(parseView(text, bounds)).toBeUndefined()
  })

  it("zooms around what is pointed at, and never loses the trace", () => {
    const near = zoom(whole(bounds), bounds, 0.1, 500_000)
    expect((500_000 - near.from) / (near.to - near.from)).toBeCloseTo(0.499, 2)
    expect(zoom(near, bounds, 1e-12, 500_000).to).toBeGreaterThan(500_000)
    const away = pan(near, bounds, 1e12)
    expect(away.from).toBeLessThan(bounds.end)
    expect(pan(near, bounds, -1e12).to).toBeGreaterThan(bounds.begin)
  })

  it("has lines at round times", () => {
    expect(
      ticks(1_000, 1_001_000, 1_000, 5)
        .map(({ label }) => label)
        .join(" | "),
    ).toBe("0 µs | 200 µs | 400 µs | 600 µs | 800 µs | 1000 µs")
  })
})
