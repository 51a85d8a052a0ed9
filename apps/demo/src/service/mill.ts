/** What the parts of the service share: its channels, its books, its limit, its switches. */
import { chan, type Channel } from "@weft/channels"
import { RateLimiter } from "@weft/sync"
import { Books } from "./books.ts"
import { Meter } from "./meter.ts"
import type { Order, Woven } from "./orders.ts"
import { Switch } from "./switch.ts"

export interface Mill {
  readonly orders: Channel<Order>
  readonly woven: Channel<Woven>
  readonly books: Books
  /** In front of whatever costs something. */
  readonly limiter: RateLimiter
  /** What the customers tell of their requests. */
  readonly meter: Meter
  readonly switches: Switches
}

export interface Switches {
  /** Each quote forgets a goroutine. */
  readonly leak: Switch
  /** Restocking takes its two locks in the other order. */
  readonly deadlock: Switch
  /** The report is computed here instead of on another thread. */
  readonly starve: Switch
  readonly customers: Switch
}

export function newMill(): Mill {
  return {
    orders: chan<Order>(16),
    woven: chan<Woven>(4),
    books: new Books(),
    limiter: new RateLimiter(300, 30),
    meter: new Meter(),
    switches: { leak: new Switch(), deadlock: new Switch(), starve: new Switch(), customers: new Switch() },
  }
}
