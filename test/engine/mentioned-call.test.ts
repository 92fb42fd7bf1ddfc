import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, type ParserOptions, parse } from '../../src/index.js'
import { type OfferedTool, TOOLS, textOf } from '../damage/shapes.js'
import { characters, chunkDifference, everyCut } from '../support/run.js'

// A marker in the middle of a line is a word of its sentence, unless what follows calls a given tool.

const tools = TOOLS as OfferedTool[]

/** The marker with which a format begins its calls; undefined where they need none (llama4-pythonic leaves it out), or have none. */
function markerOf(format: Format): string | undefined {
  if (format.nativelyBare === true || format.id === 'llama4-pythonic') return undefined
  const text = textOf(format, [{ name: 'list_files', arguments: {} }]) ?? ''
  const own = format.families.flatMap(({ openers }) => openers).filter(({ bare, inText }) => !bare && !inText)
  const markers = own.map(({ marker }) => marker).filter((marker) => marker !== '' && text.includes(marker))
  return markers.sort((a, b) => text.indexOf(a) - text.indexOf(b) || b.length - a.length)[0]
}

const marked = formats().flatMap((format) => {
  const marker = markerOf(format)
  return marker === undefined ? [] : [[format.id, format, marker] as const]
})

function read(format: Format | 'auto', text: string) {
  return parse(text, { format, tools })
}

describe.each(marked)('%s: a call that breaks behind words', (_, format, marker) => {
  const damaged = [
    `I look.\nI write it.${marker}"name": "get_weather", "arguments": {"city": "Paris"}}`,
    `I write it.${marker}[get_weathercity='Paris')]`,
  ]

  it.each(damaged)('is malformed, with its place: %j', (text) => {
    const { status, notes, toolCalls } = read(format, text)
    expect(toolCalls).toEqual([])
    expect(status).not.toBe('complete')
    expect(notes.some(({ code, from }) => code !== 'marker-in-text' && from >= text.indexOf(marker))).toBe(true)
  })

  it('is the same at every cut', () => {
    const options: ParserOptions = { format, tools }
    const [, text = ''] = damaged
    expect(chunkDifference(createParser, options, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  })

  it('is malformed beside a call that is read', () => {
    const whole = textOf(format, [{ name: 'list_files', arguments: {} }]) ?? ''
    const { status, toolCalls } = read(format, `${whole}\n${damaged[0]}`)
    expect(toolCalls.length).toBeLessThanOrEqual(1)
    expect(status).not.toBe('complete')
  })

  it('is none of a tool whose name is a part of another word', () => {
    const f = [{ name: 'f', inputSchema: { type: 'object', properties: {} } }]
    const { notes } = parse(`I see ${marker}<|begin_of_box|> {`, { format, tools: f })
    expect(notes.filter(({ message }) => message.includes('"f"'))).toEqual([])
  })

  it('is none where the sentence, inline code, a quotation or a fence tells of the marker', () => {
    const told = (name: string) => [
      `The mark ${marker} stands before a call of ${name} (or of another tool).`,
      `It is "${marker}": see ${name}, in {}.`,
      `See \`${marker}"name": "${name}"\` and so on.`,
      `<!-- ${marker} "name": "${name}", -->`,
      `So:\n\`\`\`\nI see ${marker} "name": "${name}", {\n\`\`\``,
    ]
    const statuses = (texts: string[]) => texts.map((text) => read(format, text).status)
    expect(statuses(told('get_weather'))).toEqual(statuses(told('a_word')))
  })
})

describe('auto', () => {
  it('reads no bare call in what a marker holds that opens none', () => {
    const object = '{"name": "list_files", "arguments": {}}'
    for (const held of [`\n${object}`, `[${object}, ${object}]`]) {
      const text = `<|tools_prefix|>${held}<|tools_suffix|>`
      const { status, toolCalls, content } = read('auto', text)
      expect([status, toolCalls, content]).toEqual(['malformed', [], text])
      expect(chunkDifference(createParser, { format: 'auto', tools }, text, everyCut(text))).toBeUndefined()
    }
    expect(read('auto', `I use <tool_call> tags.\n${object}`).toolCalls).toHaveLength(1)
  })
})

describe('what another reader would take for a call', () => {
  it.each([
    [
      'gigachat3',
      'I write it.{"name": "list_files", "arguments": {}}\n<|function_call|>{"name": "list_files", "arguments": {}}',
    ],
    ['functionary-v3.2', 'I write it.get_weather\n{"city": "Paris"}'],
  ])('%s: is noted in the middle of a line: %j', (format, text) => {
    const { notes } = parse(text, { format, tools })
    expect(notes.map(({ code }) => code)).toContain('looks-like-call')
  })

  it('is data as the item or the member of another object', () => {
    const text = `See {"a": {"name": "list_files", "arguments": {}}}.\n<function_call> {"name": "list_files", "arguments": {}}`
    const { notes, toolCalls } = parse(text, { format: 'granite-20b-fc', tools })
    expect([toolCalls.length, notes]).toEqual([1, []])
  })
})

describe('the close tag of a call that closes nothing', () => {
  it.each(['llama3', 'functionary-v3.1', 'minicpm5'])(
    '%s: is left out at the end, and on a line of its own',
    (format) => {
      for (const text of ['I write it.</function>', 'I write it.\n</function>\n']) {
        const { content, notes } = parse(text, { format, tools })
        expect([content, notes[0]?.code]).toEqual(['I write it.', 'stray-marker'])
        expect(chunkDifference(createParser, { format, tools }, text, everyCut(text))).toBeUndefined()
      }
      expect(parse('The tag </function> ends it.', { format, tools }).content).toBe('The tag </function> ends it.')
    },
  )
})
