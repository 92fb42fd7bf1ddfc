import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { explanationPage } from '../../src/cli/explain-page.js'
import { explain, type ParserOptions } from '../../src/index.js'
import { describeInChromium, expectNoSidewaysScroll, useChromium } from '../support/chromium.js'

describeInChromium('the page of explain', () => {
  const browser = useChromium()
  const folder = mkdtempSync(join(tmpdir(), 'callsift-page-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function pageOf(text: string, options: ParserOptions): string {
    const file = join(folder, 'why.html')
    writeFileSync(file, explanationPage('reply.txt', text, explain(text, options)))
    return pathToFileURL(file).href
  }

  it('shows markup of the model as text, whatever it holds', async () => {
    const text = '<img src=x onerror=alert(1)><script>alert(2)</script> "\' &amp; </title></style>'
    const page = await browser.open(pageOf(text, { format: 'hermes' }))
    expect(await page.locator('img, script').count()).toBe(0)
    expect(await page.locator('.text').textContent()).toContain(text)
  })

  it('needs no sideways scrolling on a phone', async () => {
    const text = `<tool_call>{"name": "${'n'.repeat(200)}", "arguments": {"${'k'.repeat(200)}": "${'v'.repeat(2000)}"}}</tool_call>`
    const page = await browser.open(pageOf(text, { format: 'hermes' }), { viewport: { width: 360, height: 740 } })
    await expectNoSidewaysScroll(page)
  })
})
