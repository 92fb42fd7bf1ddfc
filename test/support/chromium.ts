import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'

const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const executablePath = PLACES.find((path) => existsSync(path))

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A group of tests that need Chromium; where none is found they are skipped, and the name says what to do. */
export function describeInChromium(name: string, tests: () => void): void {
  const what = executablePath === undefined ? `${name} (skipped: no Chromium here; CHROMIUM=/path names one)` : name
  describe.skipIf(executablePath === undefined)(what, tests)
}

/** A browser for the tests of a file. */
export interface TestBrowser {
  /**
   * A fresh page, 1280 pixels wide unless told otherwise. It is closed behind the test, which fails if the page asked for
   * anything but itself, logged an error or threw one.
   */
  open(url: string, options?: BrowserContextOptions): Promise<Page>
}

/** Starts Chromium once for the tests of a file. Call it inside `describeInChromium`. */
export function useChromium(): TestBrowser {
  let browser: Browser | undefined
  let pages: Page[] = []
  let faults: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ARGS })
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    const found = faults
    const open = pages
    faults = []
    pages = []
    for (const page of open) await page.context().close()
    expect(found).toEqual([])
  })

  return {
    async open(url, options = {}) {
      const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      pages.push(page)
      const own = url.split('#')[0]
      page.on('request', (request) => {
        const asked = request.url().split('#')[0] as string
        if (asked !== own && !asked.startsWith('data:')) faults.push(`asked for ${asked}`)
      })
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
      })
      page.on('pageerror', (error) => faults.push(error.message))
      await page.goto(url)
      return page
    },
  }
}

/** Asserts that a page needs no sideways scrolling. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { wide, view } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    view: document.documentElement.clientWidth,
  }))
  expect(wide).toBeLessThanOrEqual(view)
}
