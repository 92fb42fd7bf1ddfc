import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { explanationPage } from '../../src/cli/output/explain-page.js'
import { explain, type ParserOptions } from '../../src/index.js'
import {
  describeInChromium,
  expectContrast,
  expectNamedControls,
  expectNoSidewaysScroll,
  useChromium,
} from '../support/chromium.js'

const TEXT = `<think>Two things.</think>I look it up.
<tool_call>
{'name': 'get_tide', 'arguments': {'port': 'Bodø', 'exact': True, 'id': 9007199254740993, 'deep': {'a': [1, {'b': None}]}}}
</tool_call>
Wrap it in <tool_call> tags. <tool_call>{"name": , }</tool_call>
<tool_call>{"name": "pay", "arguments": {"amount": 10`

describeInChromium('the page of explain', () => {
  const browser = useChromium()
  const folder = mkdtempSync(join(tmpdir(), 'callsift-page-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function pageOf(text: string, options: ParserOptions): string {
    const file = join(folder, 'why.html')
    writeFileSync(file, explanationPage('reply.txt', text, explain(text, options)))
    return pathToFileURL(file).href
  }

  it('shows every character of the text, and the rule of a stretch where one points at it or tabs to it', async () => {
    const page = await browser.open(pageOf(TEXT, { format: 'hermes' }))
    expect((await page.locator('.text .stretch > bdi').allTextContents()).join('')).toBe(TEXT)
    const rule = page.locator('.why:visible')
    expect(await rule.count()).toBe(0)
    const name = page.locator('.text .stretch.name').first()
    await name.hover()
    expect(await rule.textContent()).toContain('name of call 0at 3:11')
    await page.mouse.move(0, 0)
    await name.focus()
    await page.keyboard.press('Tab')
    expect(await rule.textContent()).toContain('marker of call 0')
    await page.keyboard.press('Tab')
    expect(await rule.textContent()).toContain('python-literal ("True" read as "true")')
    expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(/^arguments of call 0: \{'port': 'Bodø'/)
  })

  it('leads from notes, calls and repairs to their places, and past the text', async () => {
    const page = await browser.open(pageOf(TEXT, { format: 'hermes' }))
    await page.locator('.notes .place', { hasText: '5:12' }).click()
    expect(await page.locator('.why:visible').textContent()).toContain('<tool_call> opens nothing')
    const skip = page.getByRole('link', { name: 'Skip the text' })
    await skip.focus()
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').textContent()).toBe('Calls')
  })

  it('tells calls, repairs and what must not be run', async () => {
    const page = await browser.open(pageOf(TEXT, { format: 'hermes' }))
    const calls = page.locator('.call')
    expect(await calls.count()).toBe(2)
    expect(await calls.first().textContent()).toContain('9007199254740992 (beyond 2^53: exact in the text only)')
    expect(await calls.first().locator('.repairs li').first().textContent()).toMatch(
      /^python-quotes at 3:2 and \d+ times more: ' read as "/,
    )
    expect(await calls.last().textContent()).toContain('✗ truncated, not to be run')
    expect(await page.locator('.advice li').first().textContent()).toContain('call 1 of pay is truncated')
  })

  it('shows markup of the model as text, whatever it holds', async () => {
    const text = '<img src=x onerror=alert(1)><script>alert(2)</script> "\' &amp; </title></style>'
    const page = await browser.open(pageOf(text, { format: 'hermes' }))
    expect(await page.locator('img, script').count()).toBe(0)
    expect(await page.locator('.text bdi').first().textContent()).toBe(text)
    expect(await page.locator('meta[http-equiv]').getAttribute('content')).toMatch(
      /^default-src 'none'; style-src 'sha/,
    )
  })

  it.each(['light', 'dark'] as const)('can be read in %s, and by those who cannot see it', async (colorScheme) => {
    const page = await browser.open(pageOf(TEXT, { format: 'hermes' }), { colorScheme })
    await page.locator('.text .stretch.arguments').first().focus()
    await expectContrast(page)
    await expectNamedControls(page)
  })

  it('needs no sideways scrolling on a phone', async () => {
    const text = `<tool_call>{"name": "${'n'.repeat(200)}", "arguments": {"${'k'.repeat(200)}": "${'v'.repeat(2000)}"}}</tool_call>`
    const page = await browser.open(pageOf(text, { format: 'hermes' }), { viewport: { width: 360, height: 740 } })
    await page.locator('.text .stretch.arguments').focus()
    await expectNoSidewaysScroll(page)
  })
})
