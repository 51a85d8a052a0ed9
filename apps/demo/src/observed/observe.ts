/** Attaches to a process from outside, and serves the devtools' page of it. */

export interface Observed extends AsyncDisposable {
  /** With its token. */
  readonly url: string
}

export async function observe(pid: number, port: number): Promise<Observed> {
  // Here, as nobody else needs it.
  const { attach, serve } = await import("@weft/devtools")
  const attached = await attach(pid)
  try {
    const page = await serve({ source: attached, port })
    return {
      url: page.url,
      async [Symbol.asyncDispose]() {
        await page.close()
        await attached.detach()
      },
    }
  } catch (error) {
    await attached.detach()
    throw error
  }
}
