import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { playgroundPage } from '../../scripts/playground-page.js'
import { type PageServer, servePage } from '../../src/cli/output/serve-page.js'
import { parse, unreadFormats } from '../../src/index.js'
import { EXAMPLES } from '../../src/playground/examples.js'
import { packFragment } from '../../src/playground/share.js'
import {
  describeInChromium,
  expectContrast,
  expectNamedControls,
  expectNoSidewaysScroll,
  useChromium,
} from '../support/chromium.js'

const TOOLS = JSON.stringify([{ name: 'get_tide', inputSchema: { type: 'object' } }])
const TEXT = `<think>Hm.</think>Yes. <tool_call>{'name': 'get_tide', 'arguments': {'port': 'Bodø', 'exact': True}}</tool_call>`

describeInChromium('the playground', () => {
  const browser = useChromium()
  let markup: string
  let server: PageServer
  beforeAll(async () => {
    markup = await playgroundPage()
    server = await servePage(markup, '127.0.0.1', 0)
  })
  afterAll(() => server.close())

  const open = (options?: BrowserContextOptions, fragment = '') => browser.open(server.url + fragment, options)

  /** Types a text and waits until the page shows it. */
  async function read(page: Page, text: string, format = 'auto'): Promise<void> {
    await page.getByLabel('Format').selectOption(format)
    await page.getByLabel('Completion').fill(text)
    await settled(page)
  }
  const settled = (page: Page) =>
    page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame)
      do await frame()
      while (document.querySelector('#result[aria-busy=true]') !== null)
      await frame()
    })
  const drawn = async (page: Page) => (await page.locator('#spans .stretch > bdi').allTextContents()).join('')

  it('opens with what the command has put into it', async () => {
    const opened = await packFragment({ text: TEXT, format: 'hermes', tools: TOOLS, options: ['coerce'] })
    const meta = (content: string) => `<meta name="opened" content="${content}">`
    const own = await servePage(markup.replace(meta(''), meta(opened)), '127.0.0.1', 0)
    try {
      const page = await browser.open(own.url)
      await settled(page)
      expect(await drawn(page)).toBe(TEXT)
      expect(await page.getByLabel('Format').inputValue()).toBe('hermes')
    } finally {
      await own.close()
    }
  })

  it('opens with an example, side by side on a wide screen, one below the other on a small one, and can be cleared', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } })
    await settled(page)
    expect(await page.locator('#format option:disabled').allTextContents()).toEqual(
      unreadFormats().map((id) => `${id}: known but not read yet`),
    )
    expect(await drawn(page)).toBe(EXAMPLES[0]?.text)
    expect(await page.locator('.summary').textContent()).toContain('✓ complete, 2 calls')
    const at = async (title: string) => (await page.locator(title).boundingBox()) ?? expect.fail(`no ${title}`)
    const input = await at('#text')
    const text = await at('#text-title')
    const calls = await at('#calls-title')
    expect(text.x).toBeGreaterThan(input.x + input.width)
    expect(calls.x).toBeGreaterThan(text.x + 300)
    expect(Math.abs(calls.y - text.y)).toBeLessThan(2)
    expect((await at('#stream-title')).y).toBeGreaterThan(calls.y)
    await page.mouse.wheel(0, 600)
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0)
    expect((await at('#text')).y).toBeGreaterThan(0)
    await page.setViewportSize({ width: 390, height: 800 })
    const [below, next] = [await at('#text-title'), await at('#calls-title')]
    expect(next.x).toBe(below.x)
    expect(next.y).toBeGreaterThan(below.y)
    await page.getByRole('button', { name: 'Clear' }).click()
    await settled(page)
    expect(await page.locator('#found').isHidden()).toBe(true)
  })

  it('shows what became of each stretch, and its rule by pointer, Tab and arrow keys', async () => {
    const page = await open()
    await read(page, TEXT)
    expect(await drawn(page)).toBe(TEXT)
    expect(await page.locator('.summary').textContent()).toBe('hermes ✓ complete, 1 call')
    const rule = page.locator('.why:visible')
    await page.locator('#spans .stretch.name').hover()
    expect(await rule.textContent()).toContain('the name of call 0')
    await page.mouse.move(0, 0)
    await page.getByRole('link', { name: 'Skip the text' }).focus()
    await page.keyboard.press('Tab')
    expect(await rule.textContent()).toContain('markerat 1:1 (0–7)')
    await page.keyboard.press('Tab')
    expect(await rule.textContent()).toContain('inside a reasoning block')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await rule.count()).toBe(1)
    expect(await page.locator(':focus').getAttribute('class')).toContain('stretch')
  })

  it('shows the calls as trees, repairs, notes, and leads to their places', async () => {
    const page = await open()
    await read(page, `${TEXT} Use <tool_call> tags.`)
    expect(await page.locator('.tree li').allTextContents()).toEqual(['port: "Bodø"', 'exact: true'])
    expect(await page.locator('.repairs').textContent()).toContain('python-literal at 1:95: True read as true')
    await page.locator('.notes .place').first().click()
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('content: <tool_call> ')
    expect(new URL(page.url()).hash).toBe('')
  })

  it('says which format a text looks like, and reads it so at a click', async () => {
    const page = await open()
    await read(page, '[TOOL_CALLS][{"name": "get_tide", "arguments": {}}]', 'hermes')
    expect(await page.locator('.advice li').first().textContent()).toBe(
      'parsed as hermes: no call. This looks like mistral (evidence at line 1, column 1). Try --format mistral',
    )
    expect(await page.locator('.summary').textContent()).toBe('hermes ! complete, 0 calls, 1 note')
    await page.getByRole('button', { name: 'Read it as mistral' }).click()
    await settled(page)
    expect(await page.locator('.summary').textContent()).toBe('mistral ✓ complete, 1 call')
    await page.getByLabel('Format').selectOption('hermes')
    await settled(page)
    await page.locator('#detected button', { hasText: 'mistral' }).click()
    await settled(page)
    expect(await page.getByLabel('Format').inputValue()).toBe('mistral')
    expect(await page.locator('.summary').textContent()).toBe('mistral ✓ complete, 1 call')
    expect(await page.locator(':focus').textContent()).toContain('mistral')
  })

  it('reads with tools, and says what is wrong with them and where', async () => {
    const page = await open()
    const tools = page.getByLabel('Tools')
    await read(page, '<tool_call>{"name": "rm", "arguments": {}}</tool_call>')
    await tools.fill('[\n  {"name": "f",}]')
    await settled(page)
    expect(await page.locator('#tools-fault').textContent()).toBe(
      'Not JSON (line 2, column 16): expected a key in double quotes, got }. Read without tools.',
    )
    expect(await tools.getAttribute('aria-invalid')).toBe('true')
    await tools.fill('[{"title": "f"}]')
    await settled(page)
    expect(await page.locator('#tools-fault').textContent()).toContain('tools[0]: no name')
    await tools.fill(TOOLS)
    await settled(page)
    expect(await page.locator('#tools-fault').textContent()).toBe('')
    expect(await page.locator('.facts').textContent()).toContain('not among the tools')
    await page.getByText('Options').click()
    await page.getByLabel('no calls in reasoning').check()
    await read(page, `<think>I call <tool_call>{"name": "get_tide", "arguments": {}}</tool_call>`)
    expect(await page.locator('.call').count()).toBe(0)
  })

  it('never takes text for markup, shows what is invisible, and keeps directions of writing apart', async () => {
    const page = await open()
    const hostile = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script></textarea>`
    const text = `${hostile} a\u200bb \u202ex\u202c \u0000\u001b[2J שלום <tool_call>{"name": "f", "arguments": {"${hostile.replaceAll('"', '')}": "\u2066שלום"}}</tool_call>`
    await read(page, text)
    expect(await page.title()).toBe('callsift playground')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('#spans i.unseen').allTextContents()).toEqual([
      ...['ZWSP', 'RLO', 'PDF', 'NUL', 'ESC'],
      'LRI',
    ])
    expect(await page.locator('#spans').textContent()).not.toMatch(/[\u200b\u202e\u2066]/)
    const directions = await page
      .locator('#spans .stretch > bdi')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).unicodeBidi))
    expect(new Set(directions)).toEqual(new Set(['plaintext']))
    // The shapes, the stream and its events hold the same text.
    expect(await page.locator('#client').textContent()).toContain('<img src=x')
  })

  it('is held to that by the browser: no script but its own, nothing asked for, no markup from text', async () => {
    const page = await browser.open(server.url, {}, /Content Security Policy|TrustedHTML/)
    const tried = await page.evaluate(async () => {
      const outcome = async (act: () => unknown) => {
        try {
          await act()
          return 'done'
        } catch (error) {
          return error instanceof Error ? error.name : 'error'
        }
      }
      return [
        await outcome(() => fetch('/')),
        await outcome(() => document.body.insertAdjacentHTML('beforeend', '<b id=made>x</b>')),
      ]
    })
    expect(tried).toEqual(['TypeError', 'TypeError'])
    expect(await page.locator('#made').count()).toBe(0)
  })

  it('gives the shapes of OpenAI and the AI SDK to copy', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await read(page, TEXT)
    const copied = async (holds: string) => {
      await page.locator('#copy-shape').click()
      const read = () => page.evaluate(() => navigator.clipboard.readText())
      await expect.poll(read).toContain(holds)
      return JSON.parse(await read())
    }
    const [choice] = (await copied('choices')).choices
    expect(choice.finish_reason).toBe('tool_calls')
    expect(choice.message.tool_calls[0].function).toEqual({
      name: 'get_tide',
      arguments: '{"port": "Bodø", "exact": true}',
    })
    await page.getByLabel('AI SDK').check()
    const { content } = await copied('finishReason')
    expect(content.map(({ type }: { type: string }) => type)).toEqual(['reasoning', 'text', 'tool-call'])
    expect(await page.getByLabel('The message in this shape').inputValue()).toContain('"tool-call"')
  })

  it('plays the stream: what is told, what is held back, the events as they come', async () => {
    const page = await open()
    await read(page, TEXT, 'hermes')
    await page.getByLabel('Chunks of').selectOption('1')
    await settled(page)
    const slider = page.getByLabel('Position in the stream')
    const heard: string[] = []
    await page.exposeFunction('heard', (text: string) => heard.push(text))
    await page.evaluate(() => {
      const live = document.querySelectorAll('[role=status], [aria-live]')
      const tell = (window as unknown as { heard(text: string): void }).heard
      for (const one of live) {
        new MutationObserver(() => tell(one.textContent ?? '')).observe(one, { childList: true, subtree: true })
      }
    })
    expect(await slider.getAttribute('max')).toBe(String(TEXT.length + 1))
    const { content, toolCalls } = parse(TEXT, { format: 'hermes' })
    expect(await page.locator('#client dd').allTextContents()).toEqual(['Hm.', content, toolCalls[0]?.argumentsText])
    await slider.focus()
    await page.keyboard.press('Home')
    await settled(page)
    expect(await page.locator('#step-words').textContent()).toBe('Nothing sent yet')
    expect(await page.locator('#events').textContent()).toBe('No events yet.')
    for (let i = 0; i < 3; i++) await page.getByLabel('One chunk on').click()
    await settled(page)
    expect(await slider.getAttribute('aria-valuetext')).toBe(
      `Chunk 3 of ${TEXT.length}: 3 of ${TEXT.length} characters, 0 events, 3 characters held back`,
    )
    expect(await page.locator('#front mark').textContent()).toBe('<th')
    await slider.fill(String(TEXT.indexOf('Yes') + 2))
    await settled(page)
    expect(await page.locator('#events tr.now').allTextContents()).toEqual([
      `▸ ${TEXT.indexOf('Yes') + 2}contente${TEXT.indexOf('Yes') + 1}–${TEXT.indexOf('Yes') + 2}`,
    ])
    await page.getByLabel('Chunks of').selectOption('4')
    await page.getByRole('button', { name: 'Play' }).click()
    await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 30_000 })
    expect(await slider.inputValue()).toBe(String(Math.ceil(TEXT.length / 4) + 1))
    expect(await page.locator('#client dd').allTextContents()).toEqual(['Hm.', content, toolCalls[0]?.argumentsText])
    expect(heard.filter((text) => text !== 'hermes: complete, 1 call')).toEqual([])
  })

  it('shares text, format, tools and options by the fragment of its address, to the last character', async () => {
    const text = `${TEXT}\r\n \u0000 \ud83d lone, 日本語 & + # %`
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from(text.replace('\ud83d', '')) }
    await page.locator('#file').setInputFiles(file)
    await page.getByLabel('Format').selectOption('hermes')
    await page.getByLabel('Tools').fill(TOOLS)
    await page.getByText('Options').click()
    await page.getByLabel('exact grammar only').check()
    await settled(page)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.locator('#said', { hasText: 'Copied the link' }).waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toBe(page.url())
    const other = await browser.open(link)
    await other.locator('.summary').waitFor()
    expect(await other.getByLabel('Format').inputValue()).toBe('hermes')
    expect(await other.getByLabel('Tools').inputValue()).toBe(TOOLS)
    expect(await other.getByLabel('exact grammar only').isChecked()).toBe(true)
    expect(await other.locator('#size').textContent()).toBe(`${text.length - 1} characters`)
    expect(await other.locator('#spans i.unseen').allTextContents()).toEqual(['CR', 'NUL'])
    const broken = await open({}, '#1.AAAA')
    await broken.locator('#said', { hasText: 'The link is damaged' }).waitFor()
  })

  it('takes what is dropped on it: text anywhere, tools on their field', async () => {
    const page = await open()
    const drop = async (target: string, name: string, text: string) => {
      const data = await page.evaluateHandle(
        ([name, text]) => {
          const data = new DataTransfer()
          data.items.add(new File([text as string], name as string))
          return data
        },
        [name, text],
      )
      await page.dispatchEvent(target, 'dragover', { dataTransfer: data })
      expect(await page.locator('#drop').isVisible()).toBe(true)
      await page.dispatchEvent(target, 'drop', { dataTransfer: data })
      await settled(page)
      expect(await page.locator('#drop').isHidden()).toBe(true)
    }
    await drop('#result', 'reply.txt', TEXT)
    expect(await drawn(page)).toBe(TEXT)
    await drop('#tools', 'tools.json', '[{"name": "other"}]')
    expect(await page.locator('.facts').textContent()).toContain('not among the tools')
    expect(await page.locator('#said').textContent()).toBe('Took tools.json')
  })

  it('stays usable with a megabyte, and says what it does not draw', async () => {
    const page = await open()
    const calls = Array.from(
      { length: 12_000 },
      (_, i) => `<tool_call>{"name": "f", "arguments": {"n": ${i}, "text": "${'x'.repeat(30)}"}}</tool_call>\n`,
    ).join('')
    const long = `<tool_call>{"name": "f", "arguments": {"text": "${'long '.repeat(220_000)}"}}</tool_call>`
    const messages: string[] = []
    for (const text of [long, calls]) {
      expect(text.length).toBeGreaterThan(1_000_000)
      const before = Date.now()
      await page.evaluate((text) => {
        const area = document.querySelector('textarea') as HTMLTextAreaElement
        area.value = text
        area.dispatchEvent(new Event('input', { bubbles: true }))
      }, text)
      await page.locator('#size', { hasText: text.length.toLocaleString('en') }).waitFor()
      // Most of it is waiting until one has stopped typing; the rest is for a busy machine of two cores.
      expect(Date.now() - before).toBeLessThan(15_000)
      expect(await page.locator('#spans .stretch').count()).toBeLessThanOrEqual(1500)
      expect(await page.evaluate(() => document.querySelector('main')?.textContent?.length)).toBeLessThan(1_000_000)
      messages.push(...(await page.locator('#spans .not-drawn, #spans .cut, #calls .not-drawn').allTextContents()))
    }
    expect(messages).toEqual([
      ' … 1,088,012 characters not shown … ',
      expect.stringMatching(/^Showing the first 1,500 of [\d,]+ stretches, up to \d+:\d+\. /),
      'Showing the first 50 of 1,024 calls.',
    ])
  })

  it.each(['light', 'dark'] as const)('can be read in %s, and by those who cannot see it', async (colorScheme) => {
    const page = await open({ colorScheme })
    for (const name of ['No call', 'Repairs and a cut']) {
      await page.getByRole('button', { name, exact: true }).click()
      await settled(page)
      await page.getByLabel('Position in the stream').fill('9')
      await page.locator('#spans .stretch').last().focus()
      await settled(page)
      await expectContrast(page)
      await expectNamedControls(page)
    }
    await page
      .locator('#status', { hasText: 'hermes: truncated, 1 call, 1 incomplete, 1 note' })
      .waitFor({ state: 'attached' })
  })

  it('needs no sideways scrolling on a phone', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } })
    await expectNoSidewaysScroll(page)
    for (const { name } of EXAMPLES) {
      await page.getByRole('button', { name, exact: true }).click()
      await settled(page)
      await expectNoSidewaysScroll(page)
    }
    const long = `<tool_call>{"name": "${'n'.repeat(200)}", "arguments": {"${'k'.repeat(200)}": {"${'d'.repeat(100)}": ["${'v'.repeat(2000)}"]}}}</tool_call>`
    await read(page, long)
    await page.locator('#spans .stretch.arguments').focus()
    await expectNoSidewaysScroll(page)
  })
})
