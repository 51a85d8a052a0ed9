import { describe, expect, it } from "vitest"
import { mutex, queueOf, type QueueCall, register } from "../../../test/support/models.ts"
import { show } from "./labels.ts"
import { linearizable } from "./linearizable.ts"
import type { Model } from "./model.ts"
import { type Operation, thrown, type Thrown } from "./operation.ts"

const queue = queueOf(10)

function op(
  client: string,
  call: QueueCall,
  called: number,
  returned?: number,
  result?: number | Thrown,
): Operation<QueueCall, number | undefined> {
  return { client, call, called, returned, result }
}

/** Without the empty lines that make it readable. */
function textOf<S, C, R>(model: Model<S, C, R>, history: ReadonlyArray<Operation<C, R>>): ReadonlyArray<string> {
  const verdict = linearizable(model, history)
  return verdict.ok ? [] : verdict.text.split("\n").filter((line) => line !== "")
}

describe("the picture", () => {
  it("shows who took the value before, and folds what came earlier into the state", () => {
    const history = [
      op("a", ["send", 1], 0, 1),
      op("a", ["send", 2], 2, 3),
      op("b", ["receive"], 4, 7, 1),
      op("c", ["receive"], 5, 6, 2),
      op("c", ["receive"], 8, 9, 2),
      op("a", ["send", 3], 10, 11),
    ]
    expect(textOf(queue, history)).toEqual([
      "not linearizable: no order explains c: receive() = 2",
      "  b  |--receive() = 1------|",
      "  c    |--receive() = 2--|   |==receive() = 2==|",
      "starting from [1, 2], c: receive() could not return at all; without c: receive() = 2 there would be an order",
    ])
  })

  it("shows what overtook, and that it still goes on", () => {
    const history = [
      op("a", ["send", 1], 0, 1),
      op("b", ["send", 2], 2, 9),
      op("c", ["receive"], 3, 4, 2),
      op("c", ["receive"], 5, 6, 1),
    ]
    expect(textOf(queue, history)).toEqual([
      "not linearizable: no order explains c: receive() = 2",
      "  a  |--send(1)--|",
      "  b                |--send(2)------------>",
      "  c                  |==receive() = 2==|",
      "starting from [], c: receive() could only return 1; without a: send(1) there would be an order",
    ])
  })

  it("says in which states the object may be where that is open, and what else could be returned", () => {
    const history: ReadonlyArray<Operation<readonly ["write", number] | readonly ["read"], number | undefined>> = [
      { client: "a", call: ["write", 1], called: 0, returned: 3 },
      { client: "b", call: ["write", 2], called: 1, returned: 4 },
      { client: "c", call: ["read"], called: 5, returned: 6, result: 3 },
    ]
    expect(textOf(register, history)).toEqual([
      "not linearizable: no order explains c: read() = 3",
      "  c  |==read() = 3==|",
      "starting from 2 or 1, c: read() could only return 2 or 1",
    ])
  })

  it("puts what one client does at the same time into several rows", () => {
    const history = [
      op("outside", ["send", 1], 0, 5),
      op("outside", ["send", 2], 1, 4),
      op("outside", ["receive"], 3, 6, 3),
    ]
    expect(textOf(queue, history)).toEqual([
      "not linearizable: no order explains outside: receive() = 3",
      "  outside  |--send(1)------|",
      "             |--send(2)--|",
      "               |==receive() = 3==|",
      "starting from [], outside: receive() could only return 2 or 1",
    ])
  })

  it("shows failures, and undefined only where another such call gives a value", () => {
    const history: ReadonlyArray<Operation<"lock" | "tryLock" | "unlock", boolean | undefined>> = [
      { client: "a", call: "lock", called: 0, returned: 1 },
      { client: "b", call: "unlock", called: 2, returned: 3, result: thrown("UnlockOfUnlocked") },
    ]
    expect(textOf(mutex, history)).toEqual([
      "not linearizable: no order explains b: unlock() throws UnlockOfUnlocked",
      "  a  |--lock()--|",
      "  b               |==unlock() throws UnlockOfUnlocked==|",
      'starting from "unlocked", b: unlock() could only return undefined; without a: lock() there would be an order',
    ])
    expect(
      textOf(queue, [op("a", ["send", 1], 0, 1), op("b", ["receive"], 2, 3), op("b", ["receive"], 4, 5, 1)])[0],
    ).toBe("not linearizable: no order explains b: receive() = undefined")
  })

  it("takes the model's words for calls", () => {
    const worded: typeof queue = {
      ...queue,
      describe: ([name, value]) => `<${name}${value === undefined ? "" : ` ${value}`}>`,
    }
    expect(textOf(worded, [op("a", ["receive"], 0, 1, 1)])[0]).toBe(
      "not linearizable: no order explains a: <receive> = 1",
    )
  })

  it("shows values as they are written", () => {
    class Point {
      readonly x = 1
    }
    expect(
      [
        ...[
          "a",
          1n,
          undefined,
          null,
          Symbol("s"),
          [1, ["b"]],
          { a: 1, b: { c: "d" } },
          {},
          new Point(),
          new Map([["k", 1]]),
        ],
        ...[
          new Set([1]),
          new Set(),
          new Date(0),
          new RangeError("no"),
          thrown("E"),
          function named() {},
          new Uint8Array(3),
        ],
        ...["x".repeat(200)],
      ].map(show),
    ).toEqual([
      ...[
        '"a"',
        "1n",
        "undefined",
        "null",
        "Symbol(s)",
        '[1, ["b"]]',
        '{ a: 1, b: { c: "d" } }',
        "{}",
        "Point { x: 1 }",
      ],
      ...[
        'Map { "k" => 1 }',
        "Set { 1 }",
        "Set {}",
        "1970-01-01T00:00:00.000Z",
        'RangeError("no")',
        "throws E",
        "named",
      ],
      ...["Uint8Array[…]", `"${"x".repeat(78)}…`],
    ])
  })
})
