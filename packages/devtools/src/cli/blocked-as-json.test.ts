import { describe, expect, it } from "vitest"
import { aDump, goroutine, lock, locking, waiting } from "../../test/cli/dumps.ts"
import { blockedAsJson } from "./blocked-as-json.ts"

describe("blockedAsJson", () => {
  it("has the ring of a deadlock with what each holds, who is behind it, and who is held up by whom", () => {
    const blocked = blockedAsJson(
      aDump(
        [waiting(1, "join", [2]), locking(2, 20, 3), locking(3, 10, 2), goroutine(4), waiting(5, "join", [4])],
        [lock(10, 2), lock(20, 3)],
      ),
    )
    expect(JSON.parse(JSON.stringify(blocked))).toMatchObject({
      pid: 4242,
      stuck: [
        {
          kind: "deadlock",
          members: [{ thread: 0, id: 2, reason: "sync.Mutex.Lock" }, { id: 3 }],
          ring: [
            { thread: 0, id: 3, holds: 20 },
            { thread: 0, id: 2, holds: 10 },
          ],
          behind: [{ id: 1 }],
        },
      ],
      heldUp: [{ goroutine: { id: 5 }, by: 4 }],
    })
  })
})
