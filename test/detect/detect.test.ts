import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areConfusable } from '../../src/detect/confusable.js'
import { collect, createParser, createRegistry, detect, explain, type Format, formats, parse } from '../../src/index.js'
import { calls as someCalls } from '../promises/calls.js'
import { renderOf } from '../promises/format-facts.js'
import { fixturesOf } from '../promises/texts.js'
import { askingOnce } from '../support/ask-once.js'
import { isHard, parameters, shareOf } from '../support/runs.js'

const ids = formats().map(({ id }) => id)
const tools = (calls: readonly { name: string }[]) =>
  calls.map(({ name }) => ({ name, inputSchema: { type: 'object' } }))

/** Non-empty calls in the text that the format writes for them. */
const rendered = (format: Format) =>
  someCalls.filter((calls) => calls.length > 0).map((calls) => ({ calls, text: renderOf(format, calls) }))

describe.each(shareOf(formats(), 2).map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  it('I21: is found in what it writes, with the places', () => {
    let found = 0
    fc.assert(
      fc.property(rendered(format), ({ calls, text }) => {
        if (text === undefined) return
        const [best] = detect(text, { tools: tools(calls) })
        expect(best, text).toBeDefined()
        if (best === undefined) return
        found++
        expect(areConfusable(best.format, format.id), `${best.format} for ${text}`).toBe(true)
        expect(best.evidence.length).toBeGreaterThan(0)
        expect(best.evidence.filter(({ from, to, text: piece }) => text.slice(from, to) !== piece)).toEqual([])
      }),
      parameters(30),
    )
    expect(found).toBeGreaterThan(0)
  })

  // Each of the others as every second format; a harder run tries all pairs.
  it('I22: says so when another format is parsed as this one', () => {
    const others = formats().filter((_, i) => isHard || (i + formats().indexOf(format)) % 2 === 0)
    for (const other of others.filter(({ id }) => !areConfusable(id, format.id))) {
      const calls = [{ name: 'get_tide', arguments: { port: 'Bodø', days: 2 } }]
      const text = renderOf(other, calls)
      if (text === undefined) continue
      const result = parse(text, { format, tools: tools(calls) })
      const note = result.notes.find(({ code }) => code === 'looks-like')
      // JSON inside foreign markers may be a bare call by this format's own rules: then nothing was missed.
      if (result.toolCalls.some(({ evidence }) => evidence === 'bare')) continue
      expect(result.toolCalls, `${other.id} as ${format.id}`).toEqual([])
      const named = ids.find((id) => note?.message.endsWith(` ${id}`)) ?? 'none'
      expect(areConfusable(named, other.id), `${other.id} as ${format.id}: ${note?.message}`).toBe(true)
    }
  })

  it('begins as no format but its like looks, and is read in auto as in its own name', () => {
    const calls = [{ name: 'get_tide', arguments: { port: 'Moss', day: 'today' } }]
    const { start = '', role = '' } = format.channels ?? {}
    for (const parts of [{}, { content: 'I look.' }, { reasoning: 'Hm, a tide.' }]) {
      const text = renderOf(format, calls, { ...parts, tools: tools(calls) })
      if (text === undefined) continue
      // The prompt may hold the start of the first message.
      const texts = role !== '' && text.startsWith(start) ? [text, text.slice(start.length + role.length)] : [text]
      for (const text of texts) {
        const likes = formats().filter(({ looks }) => looks?.some((look) => text.startsWith(look)))
        expect(
          likes.map(({ id }) => id).filter((id) => !areConfusable(id, format.id)),
          text,
        ).toEqual([])
        const [own, found] = [format, 'auto'].map((format) => parse(text, { format, tools: tools(calls) }))
        expect(found?.toolCalls, text).toEqual(own?.toolCalls)
        expect(found?.status, text).toBe(own?.status)
        // Words that may be anybody's stay content.
        if (format.reasoning?.blocks.some(({ isWorded }) => isWorded) !== true)
          expect([found?.content, found?.reasoning], text).toEqual([own?.content, own?.reasoning])
      }
    }
  })

  it('I42: reads alike whatever else is registered, in any order', () => {
    const alone = createRegistry([format])
    const backwards = createRegistry([...formats()].reverse())
    for (const { text, options } of fixturesOf(format)) {
      const { notes, ...result } = parse(text, { ...options, format: format.id })
      // That a call of another format is lost is told only where that format is registered.
      if (notes.some(({ code }) => code === 'looks-like')) continue
      expect(alone.parse(text, { ...options, format: format.id })).toMatchObject(result)
      expect(backwards.parse(text, { ...options, format: format.id })).toMatchObject(result)
    }
  })

  it('I41: is explained by what is parsed, to the last character', () => {
    for (const { text, options } of fixturesOf(format)) {
      const { spans, result } = explain(text, { ...options, format })
      expect(result).toEqual(parse(text, { ...options, format }))
      expect(spans.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text)
      expect(spans.filter(({ from }, i) => from !== (spans[i - 1]?.to ?? 0))).toEqual([])
      expect(spans.filter(({ from, to, why }) => to <= from || why === '')).toEqual([])
      const contents = spans.filter(({ kind }) => kind === 'content').map(({ from, to }) => text.slice(from, to))
      expect(contents.join('')).toBe(result.content)
    }
  })
})

describe('auto', () => {
  const create = askingOnce(createParser)
  const events = (text: string, chunks: readonly string[]) => {
    const parser = create({ format: 'auto' })
    return { text, content: [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()] }
  }

  it('I21: decides once, whatever the chunks', () => {
    for (const format of formats()) {
      for (const { text } of fixturesOf(format).filter(({ text }) => text.length < 600)) {
        const kinds = ({ content }: ReturnType<typeof events>) =>
          content.filter(({ type }) => type === 'call-end' || type === 'end' || type === 'note')
        expect(kinds(events(text, [...text]))).toEqual(kinds(events(text, [text])))
      }
    }
  })

  it('reads what each format writes as that format, or as one that it is taken for', () => {
    for (const format of formats()) {
      const calls = [{ name: 'get_tide', arguments: { port: 'Bodø' } }]
      const text = renderOf(format, calls)
      if (text === undefined) continue
      const result = parse(text, { format: 'auto', tools: tools(calls) })
      expect(areConfusable(result.format, format.id), `${result.format} for ${format.id}`).toBe(true)
      expect(result.toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))).toEqual(calls)
    }
  })

  const call = (port: string) => `{"name": "get_tide", "arguments": {"port": "${port}"}}`
  it.each([
    ['one fence for each call', `\`\`\`json\n${call('Moss')}\n\`\`\`\n\n\`\`\`json\n${call('Bodø')}\n\`\`\``, 2],
    ['a fence of calls and text', `Here:\n\`\`\`json\n[${call('Moss')}, ${call('Bodø')}]\n\`\`\``, 2, 'Here:'],
    ['an envelope', `{"tool_calls": [${call('Moss')}]}`, 1],
    ['an envelope in a fence', `\`\`\`json\n{"tool_calls": [${call('Moss')}]}\n\`\`\``, 1],
    ['a header of Mistral whose marker was left out', 'get_tide[ARGS]{"port": "Moss"}', 1],
    [
      "reasoning of Mistral's that the prompt opened",
      'Moss, then.[/THINK][TOOL_CALLS]get_tide[ARGS]{"port": "Moss"}',
      1,
      '',
      true,
    ],
  ])('reads %s', (_, text, found, content = '', startInReasoning = false) => {
    for (const chunks of [[text], [...text]]) {
      const parser = createParser({ format: 'auto', tools: tools([{ name: 'get_tide' }]), startInReasoning })
      const result = collect([...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()])
      expect(result.toolCalls.map(({ arguments: { port } }) => port)).toEqual(['Moss', 'Bodø'].slice(0, found))
      expect([result.content.trim(), result.status]).toEqual([content, 'complete'])
    }
  })

  it('names the format that read a fence of calls', () => {
    const text = `Here:\n\`\`\`json\n${call('Moss')}\n\`\`\``
    const { format, toolCalls, content } = parse(text, { format: 'auto', tools: tools([{ name: 'get_tide' }]) })
    expect([areConfusable(format, 'qwen'), toolCalls.length, content]).toEqual([true, 1, 'Here:'])
  })

  it("reads code behind a call as Qwen's, whose call is not without code", () => {
    const text =
      '<tool_call>\n{"name": "code_interpreter", "arguments": {"code": ""}}\n<code>\nprint(1)\n</code>\n</tool_call>'
    const { format, toolCalls, content } = parse(text, { format: 'auto' })
    expect([format, toolCalls[0]?.arguments, content]).toEqual(['qwen', { code: 'print(1)' }, ''])
    expect(detect(text)[0]?.format).toBe('qwen')
    const tight = text.replaceAll('\n', '').replaceAll(': ', ':')
    expect(parse(tight, { format: 'auto' }).toolCalls[0]?.arguments).toEqual({ code: 'print(1)' })
  })

  it('asks formats with markers too about a fence: one that lacks its last brace', () => {
    const text = `\`\`\`json\n${call('Moss').slice(0, -1)}\n\`\`\``
    const { toolCalls, content } = parse(text, { format: 'auto', tools: tools([{ name: 'get_tide' }]) })
    expect([toolCalls[0]?.arguments, content.trim()]).toEqual([{ port: 'Moss' }, ''])
  })

  it('reads raw code behind the tag of Llama 3 that begins as a list', () => {
    const { format, toolCalls } = parse('<|python_tag|>[plot(x=i) for i in x]<|eom_id|>', { format: 'auto' })
    expect([format, toolCalls[0]?.arguments]).toEqual(['llama3', { code: '[plot(x=i) for i in x]' }])
  })

  it('minds no stop token of another format behind the markers of one', () => {
    const value = '<s>old</s> and <|im_end|>'
    const parameter = `<｜DSML｜parameter name="html" string="true">${value}</｜DSML｜parameter>`
    const text = `<｜DSML｜tool_calls>\n<｜DSML｜invoke name="f">\n${parameter}\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>`
    expect(parse(text, { format: 'auto' }).toolCalls[0]?.arguments).toEqual({ html: value })
  })
})

describe('detect', () => {
  it.each([
    'Plain prose, with commas; and more.',
    '{"temperature": -3.5, "unit": "C", "ok": true}',
    '[1, 2, {"a": [null]}]',
    '```js\nconst a = [f(1), g({ x: 2 })]\n```',
    'def f(a):\n    return [g(x) for x in a]\n',
    '<html><body><p class="x">Hi</p></body></html>',
    'See [the docs](https://example.org/a(b)) and [1].',
    '{"name": "Ada", "born": 1815}',
    'Use `<tool_call>` tags, or [TOOL_CALLS], or <tools>.',
    'Llama writes <|python_tag|> and then code.',
    'Write ✿FUNCTION✿: then the name of the tool, and behind ✿ARGS✿: its arguments.',
    '[{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"a": {}}}}}]',
    '```json\n{"name": "f", "parameters": {"type": "object", "properties": {}}}\n```',
  ])('finds nothing in %j', (text) => expect(detect(text)).toEqual([]))
})

it.each([
  ['<|python_tag|>2 + 2', 'llama3'],
  ['✿FUNCTION✿: code_interpreter\n✿ARGS✿: {"code": "2 + 2"}', 'qwen'],
])('detect finds code that calls nothing, %j', (text, format) => expect(detect(text)[0]?.format).toBe(format))

describe('looks-like', () => {
  const text = 'I think.\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
  const codes = (options: object) => parse(text, { format: 'qwen', ...options }).notes.map(({ code }) => code)

  it('names no other format for a call in reasoning where those are refused', () => {
    expect(codes({ startInReasoning: true, callsInReasoning: 'never' })).toEqual(['truncated-reasoning'])
  })
})
