/** The page of the service of `serve`, in a real browser. */
import { type Browser, chromium } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { findChromium } from "../../../scripts/chromium.ts"
import { type Service, startService } from "../src/observed/start-service.ts"

const executablePath = findChromium()
let browser: Browser
let service: Service

describe.skipIf(executablePath === undefined)("the service's page", () => {
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"]
    browser = await chromium.launch({ executablePath: executablePath!, args })
    service = await startService(0, (line) => expect.fail(line))
  })

  afterAll(async () => {
    await browser.close()
    await service[Symbol.asyncDispose]()
  })

  it("shows live figures, turns switches, quotes and takes orders", async () => {
    const page = await browser.newPage()
    const errors: Array<string> = []
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text())
    })
    page.on("pageerror", (error) => errors.push(String(error)))
    await page.goto(service.site)
    await page.getByText(`Process ${service.pid}`).waitFor()
    await page.getByRole("cell", { name: "GET /quote" }).waitFor()
    await page.waitForFunction(() => Number(document.getElementById("rate")!.textContent) > 0)
    expect(await page.locator("#rate-chart polygon").getAttribute("points")).toMatch(/^\d+,40 \d/)

    for (const isOn of [true, false]) {
      const answered = page.waitForResponse(/switches\?name=leak/)
      await page.getByRole("switch", { name: "Leak" }).setChecked(isOn)
      expect(await (await answered).json()).toMatchObject({ leak: isOn, deadlock: false, customers: true })
    }

    await page.getByLabel("Text").fill("Moin")
    await page.getByRole("button", { name: "Quote" }).click()
    await page.getByText(/\d+\.\d\d for \d+ threads on the (broad|narrow) loom/).waitFor()
    await page.getByRole("button", { name: "Order" }).click()
    await page.getByText(/Order \d+ is ready/).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })
})
