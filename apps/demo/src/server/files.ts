/**
 * The files of the demo's server: small and large, quick and slow, one that fails, one that hangs, one that fails twice
 * and then works. All made up on the spot and always the same.
 */
export interface ServedFile {
  readonly path: string
  readonly delayMillis: number
  readonly about: string
  answer(attempt: number): Answer
}

/** `undefined` never answers. */
export type Answer = { readonly status: number; readonly body: string } | undefined

export const files: ReadonlyArray<ServedFile> = [
  good("/users.json", 120, 12),
  good("/posts.json", 480, 90),
  good("/photos.json", 300, 1_500),
  good("/tags.json", 60, 5),
  good("/slow.json", 2_500, 3),
  {
    path: "/broken.json",
    delayMillis: 80,
    about: "always answers 500",
    answer: () => ({ status: 500, body: json({ error: "this file is broken on purpose" }) }),
  },
  {
    path: "/flaky.json",
    delayMillis: 80,
    about: "answers 503 twice, then works",
    answer: (attempt) =>
      attempt % 3 === 0
        ? { status: 200, body: items("flaky", 4) }
        : { status: 503, body: json({ error: `try again (attempt ${attempt})` }) },
  },
  { path: "/hangs.json", delayMillis: 0, about: "never answers", answer: () => undefined },
]

function good(path: string, delayMillis: number, count: number): ServedFile {
  const body = items(path.slice(1, -".json".length), count)
  return { path, delayMillis, about: `${body.length} bytes`, answer: () => ({ status: 200, body }) }
}

function items(kind: string, count: number): string {
  return json({ kind, items: Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `${kind} ${i + 1}` })) })
}

function json(value: unknown): string {
  return JSON.stringify(value)
}
