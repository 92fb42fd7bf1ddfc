import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from './chromium-path.js'

/** A group of tests that need Chromium; where none is found they are skipped, and the name says what to do. */
export function describeInChromium(name: string, tests: () => void): void {
  const what = CHROMIUM_PATH === undefined ? `${name} (skipped: no Chromium here; CHROMIUM=/path names one)` : name
  describe.skipIf(CHROMIUM_PATH === undefined)(what, tests)
}

/** A browser for the tests of a file. */
export interface TestBrowser {
  /**
   * A fresh page, 1280 pixels wide unless told otherwise. It is closed behind the test, which fails if the page asked for
   * anything but itself, logged an error or threw one, but for the messages that are expected.
   */
  open(url: string, options?: BrowserContextOptions, expected?: RegExp): Promise<Page>
}

/** Starts Chromium once for the tests of a file. Call it inside `describeInChromium`. */
export function useChromium(): TestBrowser {
  let browser: Browser | undefined
  let pages: Page[] = []
  let faults: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM_PATH as string, args: CHROMIUM_ARGS })
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
    async open(url, options = {}, expected) {
      const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      pages.push(page)
      const own = url.split('#')[0]
      page.on('request', (request) => {
        const asked = request.url().split('#')[0] as string
        if (asked !== own && !asked.startsWith('data:')) faults.push(`asked for ${asked}`)
      })
      page.on('console', (message) => {
        const isFault = message.type() === 'error' || message.type() === 'warning'
        if (isFault && expected?.test(message.text()) !== true) faults.push(message.text())
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

/** Asserts that every text that can be seen stands out from what is behind it by 4.5 to 1 (WCAG AA). */
export async function expectContrast(page: Page): Promise<void> {
  const faint = await page.evaluate(() => {
    type Colour = [number, number, number, number]
    const read = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
      return [r, g, b, a]
    }
    const over = ([r, g, b, a]: Colour, [r2, g2, b2]: Colour): Colour => {
      const mix = (top: number, under: number) => top * a + under * (1 - a)
      return [mix(r, r2), mix(g, g2), mix(b, b2), 1]
    }
    const backgroundOf = (element: Element | null): Colour => {
      if (element === null) return [255, 255, 255, 1]
      return over(read(getComputedStyle(element).backgroundColor), backgroundOf(element.parentElement))
    }
    const luminance = ([r, g, b]: Colour) => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const found: string[] = []
    let seen = 0
    for (const element of document.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '')
      if (!hasText || !(element as HTMLElement).checkVisibility()) continue
      seen++
      const background = backgroundOf(element)
      const pair = [luminance(background), luminance(over(read(getComputedStyle(element).color), background))]
      const [dark = 0, light = 0] = pair.sort((a, b) => a - b)
      const ratio = (light + 0.05) / (dark + 0.05)
      if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.className} ${element.textContent?.slice(0, 40)}`)
    }
    return { found, seen }
  })
  expect(faint.seen).toBeGreaterThan(20)
  expect(faint.found).toEqual([])
}

/** Asserts that every control says what it is, every id is there once, and every reference leads to one. */
export async function expectNamedControls(page: Page): Promise<void> {
  const faults = await page.evaluate(() => {
    const found: string[] = []
    for (const field of document.querySelectorAll<HTMLInputElement>('input, select, textarea')) {
      const named =
        field.getAttribute('aria-label') ?? [...(field.labels ?? [])].map((label) => label.textContent).join('')
      if (named.trim() === '') found.push(`no name: ${field.outerHTML.slice(0, 80)}`)
    }
    for (const button of document.querySelectorAll('button, a')) {
      if ((button.getAttribute('aria-label') ?? button.textContent ?? '').trim() === '')
        found.push('a button without a name')
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    found.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `twice: ${id}`))
    for (const name of ['aria-labelledby', 'aria-describedby', 'for']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        const id = element.getAttribute(name) ?? ''
        if (document.getElementById(id) === null) found.push(`${name} leads nowhere: ${id}`)
      }
    }
    return found
  })
  expect(faults).toEqual([])
}
