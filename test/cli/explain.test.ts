import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explanationView } from '../../src/cli/output/explain-view.js'
import { columnsOf, visible } from '../../src/cli/output/screen-text.js'
import { explain, formats } from '../../src/index.js'
import { useCommand } from './command.js'

const command = useCommand()

/** What the command shows of a text in 80 columns. */
const shown = (text: string, ...args: string[]) => command.run(['explain', ...args], text)

describe('callsift explain', () => {
  it('says first which format a text looks like', () => {
    const { code, out } = shown('[TOOL_CALLS][{"name": "f", "arguments": {}}]', '--format', 'hermes')
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 7)).toEqual([
      '! parsed as hermes: no call. This looks like mistral (evidence at line 1, column',
      '1). Try --format mistral',
      '',
      '  1 │ [TOOL_CALLS][{"name": "f", "arguments": {}}]',
      '    │ ^',
      '',
      'hermes: complete, 0 calls, 1 note',
    ])
  })

  it('says first what was expected where reading stopped', () => {
    for (const [text, ...lines] of [
      ['Use <tool_call> tags.', '! <tool_call> opens nothing: expected `{` or `[`, found "t" (line 1, column 17)'],
      [
        '<tool_call>{"name": , "arguments": {}}</tool_call>',
        '! this block cannot be read as a call: expected a value, found "," (line 1,',
        'column 21): ask the model again',
      ],
      [
        '<tool_call>{"name": "f", "arguments": {"a": ',
        '! call 0 of f is truncated: the text ended inside it; give the model more tokens',
      ],
      [
        '<tool_call>{"name": "f", "arguments": {"a": "b" c}}</tool_call>',
        '! call 0 of f is malformed: expected `,` or a closing bracket, found "c" (line',
        '1, column 49); ask the model again',
      ],
      ['<think>Let me see', '! the text ended before </think> (line 1, column 8): give the model more tokens'],
      ['Nothing here.', '! no call in this text: nothing in it looks like one of hermes. If you expect'],
    ] as const) {
      const { out } = shown(text, '--format', 'hermes')
      expect(out.split('\n').slice(0, lines.length)).toEqual(lines)
    }
    expect(shown('Nothing here.').out).toMatch(/^! no call in this text: no format finds one\. If you expect one, /)
  })

  it('shows the place that each of the first three pieces of advice is about, in 80 columns', () => {
    const long = `${'日本語 '.repeat(30)}${'x'.repeat(60)} `
    for (const [text, line, at] of [
      ['Use <tool_call> tags.', 1, 't'],
      ['One.\n\n<tool_call>{"name": "f", "arguments": {"a": "b" c}}</tool_call>', 3, 'c'],
      [`${long}<tool_call>{"name": , "arguments": {}}</tool_call>${long}`, 1, ','],
      [`${'😀'.repeat(200)}<tool_call>{"name": , "arguments": {}}</tool_call>`, 1, ','],
    ] as const) {
      const lines = shown(text, '--format', 'hermes').out.split('\n')
      const found = lines.findIndex((one) => one.startsWith(`  ${line} │ `))
      const [excerpt = '', caret = ''] = lines.slice(found)
      expect(columnsOf(excerpt)).toBeLessThanOrEqual(80)
      expect(caret).toMatch(/^ {4}│ +\^$/)
      let before = ''
      for (const character of excerpt) {
        if (columnsOf(before) === caret.length - 1) expect(character).toBe(at)
        before += character
      }
    }
    const { out } = shown('<tool_call> a '.repeat(9), '--format', 'hermes')
    expect(out.match(/^ {4}│ +\^$/gm)).toHaveLength(3)
    const cut = shown('<tool_call>{"name": "f", "arguments": {"a": ', '--format', 'hermes').out.split('\n')
    expect(cut[3]).toBe(`    │ ${' '.repeat(43)}^`)
  })

  it('says what the kinds mean that the text has, and no others', () => {
    const { out } = shown('<think>Hm.</think>Yes.', '--format', 'hermes')
    expect(out.split('\n').filter((line) => /^(content|reasoning|marker|name|arguments) {2}/.test(line))).toEqual([
      'content    the visible text of the message',
      'reasoning  what the model thought',
      'marker     opens, closes or belongs to a call, to reasoning or to the message',
    ])
  })

  it('says which commands take the flag that it advises', () => {
    const { advice } = explain('I see.</think>Hello.', { format: 'hermes' })
    expect(advice[0]).toContain('give --start-in-reasoning to callsift parse, explain or proxy')
  })

  it('keeps to 80 columns with wide, right-to-left and invisible characters, and shows them all', () => {
    const hard =
      `${'日本語のテキスト'.repeat(20)} ${'😀✅👩‍🚀'.repeat(30)} ${'שלום עולם '.repeat(20)} ${'مرحبا بالعالم '.repeat(20)}` +
      `zero\u200bwidth \u202ereversed\u202c \u00ad\u2060\ufeff \u0007\u001b[31m नमस्ते ${'e\u0301'.repeat(100)}`
    const text = `${hard}\n<tool_call>{"name": "f", "arguments": {"a": "${hard.replace('\u0007\u001b', '')}"}}</tool_call>`
    const { out } = shown(text, '--format', 'hermes', '--full')
    for (const line of out.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u00ad\u200b\u202a-\u202e\u2060\ufeff]/)
    for (const name of ['\\u200b', '\\u202e', '\\u202c', '\\u00ad', '\\u2060', '\\ufeff', '␇', '␛'])
      expect(out).toContain(name)
    const words = out.split('\n').flatMap((line) => (line.startsWith('  │ ') ? [line.slice(4)] : []))
    expect(words.join('').replaceAll(' ', '')).toBe(visible(text).replaceAll(/[ \n]/g, ''))
  })

  it('tells kinds in words, so that nothing is lost without colours', () => {
    const colors = new Proxy({}, { get: () => (text: string) => text }) as Parameters<
      typeof explanationView
    >[2]['colors']
    const text = `<think>Hm.</think>Yes.<tool_call>{'name': 'f', 'arguments': {'on': True}}</tool_call>Done.</tool_call>`
    const view = explanationView(
      text,
      explain(text, { format: 'hermes' }),
      { isTerminal: true, columns: 80, colors },
      false,
    )
    for (const head of ['reasoning at 1:8', 'content at 1:19', 'name of call 0 at 1:44', 'dropped at '])
      expect(view).toContain(`\n${head}`)
    expect(view).toMatch(
      /repaired: python-quotes \("'" read as "\\""\) 2\s+times,\s+python-literal \("True" read as "true"\)/,
    )
  })

  it('writes a page, or JSON', () => {
    expect(shown('Hi.', '--format', 'hermes', '--html', 'why.html')).toMatchObject({
      code: 0,
      out: '',
      err: 'callsift: wrote "why.html": open it in a browser\n',
    })
    expect(readFileSync(`${command.folder}/why.html`, 'utf8')).toContain('ordinary text')
    const { spans, advice } = JSON.parse(shown('Hi.', '--format', 'hermes', '--json').out)
    expect(spans).toEqual([{ from: 0, to: 3, kind: 'content', why: 'ordinary text' }])
    expect(advice).toHaveLength(1)
  })
})

describe('an explanation', () => {
  it('costs no more than its text is long, however many calls and notes there are', () => {
    const cost = (times: number) => {
      const text = '<tool_call>{"name": "f", "arguments": {}}</tool_call>\n<|im_sep|> <tool_call> '.repeat(times)
      const start = process.cpuUsage()
      const { spans } = explain(text, { format: 'hermes' })
      expect(spans.length).toBeGreaterThan(times)
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    cost(2000)
    // Four times the text: 4 where it is linear, 16 where each stretch looks at every call or note.
    const small = Math.min(cost(3000), cost(3000))
    expect(cost(12_000) / small).toBeLessThan(9)
  })

  it('tells what a note is about by itself, whatever came with it', () => {
    const { spans } = explain('One <tool_call> two </tool_call> three', { format: 'hermes' })
    const noted = spans.filter(({ why }) => why !== 'ordinary text')
    expect(noted.map(({ kind, from, to }) => ({ kind, from, to }))).toEqual([
      { kind: 'content', from: 4, to: 16 },
      { kind: 'content', from: 20, to: 32 },
    ])
  })

  it('tells where the reading of a damaged call stopped, and why', () => {
    const text = '<tool_call>{"name": "f", "arguments": {"a": "b" c}}</tool_call>'
    const unread = explain(text, { format: 'hermes' }).spans.filter(({ kind }) => kind === 'dropped')
    expect(unread).toEqual([
      {
        from: 48,
        to: 51,
        kind: 'dropped',
        why: 'not read: at line 1, column 49: expected `,` or a closing bracket, found "c"',
        call: 0,
      },
    ])
  })

  it('names the first markers that open nothing, and counts those that follow from them', () => {
    const { advice } = explain('Use <tool_call> tags. '.repeat(9), { format: 'hermes' })
    expect(advice).toHaveLength(4)
    expect(advice[3]).toBe('6 more markers like these: see the notes')
    const calls = '<tool_call>{"name": "other", "arguments": {}}</tool_call>'.repeat(50)
    const unknown = explain(calls, { format: 'hermes', tools: [{ name: 'f' }] }).advice
    expect(unknown).toHaveLength(9)
    expect(unknown[0]).toBe(
      'no tool named "other" was given (line 1, column 22): give it (--tools), or do not run the call',
    )
    expect(explain(calls, { format: 'hermes', limits: { calls: 20 } }).advice).toEqual([
      'more calls than limits.calls (20): this one was left out (line 1, column 1141); 29 more notes about limits',
    ])
    expect(unknown[8]).toBe('42 more like these: see the calls and the notes')
  })

  it('gives the next format that is tried for every format that is not the one of a text', () => {
    const text = '<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>'
    const others = formats().filter(({ id }) => !['qwen3-coder'].includes(id))
    const advised = others.flatMap(({ id }) => {
      const { advice, result } = explain(text, { format: id })
      return result.toolCalls.length > 0 ? [] : [advice[0] ?? '']
    })
    expect(advised.length).toBeGreaterThan(5)
    for (const advice of advised)
      expect(advice).toContain('This looks like qwen3-coder (evidence at line 1, column 1). Try --format')
  })
})
