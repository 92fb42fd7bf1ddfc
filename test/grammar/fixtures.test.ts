import { describe, expect, it } from 'vitest'
import { renderFormat } from '../../src/formats/render.js'
import { constraint } from '../../src/grammar/constraint.js'
import type { GrammarOptions } from '../../src/grammar/grammar.js'
import type { Node } from '../../src/grammar/node.js'
import { formats, getFormat, parse, RenderError } from '../../src/index.js'
import { checkValue } from '../../src/tools/check-value.js'
import { readTools } from '../../src/tools/schema.js'
import { readCases } from '../support/case.js'
import { accepts, someText } from '../support/grammar-texts.js'
import { isHard } from '../support/runs.js'
import { seeded } from '../support/seeded.js'

const TOOLS = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer' },
        unit: { enum: ['C', 'F'] },
        fine: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
        at: { type: 'object', properties: { lat: { type: 'number' }, name: { type: 'string' } }, required: ['lat'] },
      },
      required: ['city', 'days'],
    },
  },
  { name: 'noop', parameters: { type: 'object', properties: {}, additionalProperties: false } },
  {
    name: 'write_file',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        text: { type: 'string' },
        mode: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      },
      required: ['text'],
    },
  },
]

/** What a model writes between markup: in prose, and in the values of calls, which hold anything. */
const PROSE = [
  'a',
  ' ',
  '\n',
  'Hello',
  ' it is. ',
  ' x',
  ' and',
  ' 漢',
  ', ',
  ' 5 ',
  '\n\n',
  '?',
  '.',
  ' <b>',
  '- one\n',
]
const ANYTHING = [...PROSE, '{"a": 1}', '"', "'", '\\', '</', '>', '`', '[1]', '</p', 'true', '(', ')', '}', '😀']

/** Each with so many texts; a harder run tries more of them, and every fixture. */
const TURNS: readonly (GrammarOptions & { readonly tries: number })[] = [
  { toolChoice: 'required', tries: 3 },
  { toolChoice: 'required', startInReasoning: true, tries: 1 },
  { toolChoice: 'required', parallelCalls: false, reasoning: false, tries: 1 },
  { toolChoice: { name: 'write_file' }, reasoning: false, tries: 1 },
  { toolChoice: 'auto', tries: 2 },
  { toolChoice: 'auto', startInReasoning: true, tries: 1 },
  { toolChoice: 'none', tries: 1 },
]

describe.each(formats().map((format) => [format.id, format] as const))('%s', (id, format) => {
  it('generates only what parses to complete calls that fit their schemas', () => {
    const random = seeded(20260)
    const chance = (below: number) => Math.floor(random() * below)
    for (const { tries, ...options } of TURNS) {
      const { toolChoice } = options
      const mayBeText = toolChoice === 'auto' || toolChoice === 'none'
      const { grammar } = constraint(format, TOOLS, options)
      for (let i = 0; i < (isHard ? 20 : tries); i++) {
        const text = someText(grammar, chance, mayBeText ? PROSE : ANYTHING)
        const about = `${JSON.stringify(options)} ${JSON.stringify(text)}`
        expect(accepts(grammar, text), about).toBe(true)
        const { toolCalls, incomplete, status } = parse(text, {
          format,
          tools: TOOLS,
          // The beginning of a header that the prompt holds is mended.
          repair: format.channels !== undefined,
          startInReasoning: options.startInReasoning === true && thinks(id),
        })
        expect(incomplete, about).toEqual([])
        expect(status, about).toBe('complete')
        if (toolChoice === 'none') expect(toolCalls, about).toEqual([])
        else if (!mayBeText) expect(toolCalls.length, about).toBeGreaterThan(0)
        if (options.parallelCalls === false || typeof toolChoice === 'object') expect(toolCalls.length).toBeLessThan(2)
        for (const { name, arguments: args } of toolCalls)
          expect(checkValue(args, TOOLS.find((tool) => tool.name === name)?.parameters ?? false), about).toEqual([])
      }
    }
  })

  it('takes the calls of fixtures, but for strings that hold what ends them', () => {
    const cases = readCases(new URL(`../../fixtures/${id}.jsonl`, import.meta.url))
    const whole = cases.filter(({ calls, finish }) => calls.length > 0 && finish === 'complete')
    for (const { id: name, calls } of whole.filter((_, i) => isHard || i % 12 === 0)) {
      const tools = toolsOf(calls)
      const text = rendered(id, calls, tools)
      if (text === undefined) continue
      const { grammar } = constraint(format, tools, { toolChoice: 'required', reasoning: false })
      const ends = endsOf(grammar)
      const holdsEnd = stringsOf(calls).some((value) => ends.some((end) => value.includes(end)))
      expect(accepts(grammar, text), `${name}: ${text}`).toBe(!holdsEnd)
    }
  })
})

type Calls = readonly { name: string; arguments: unknown }[]

function rendered(id: string, calls: Calls, tools: ReturnType<typeof toolsOf>): string | undefined {
  try {
    return renderFormat(getFormat(id), calls as Parameters<typeof renderFormat>[1], {}, readTools(tools))
  } catch (error) {
    if (error instanceof RenderError) return undefined
    throw error
  }
}

function thinks(id: string): boolean {
  const { reasoning, channels } = getFormat(id)
  return (
    reasoning !== undefined || Object.values(channels?.of ?? {}).includes('reasoning') || channels?.kinds !== undefined
  )
}

/** Tools whose schemas say what the calls hold. */
function toolsOf(calls: Calls) {
  const names = [...new Set(calls.map(({ name }) => name))]
  return names.map((name) => {
    const own = calls.filter((call) => call.name === name).map((call) => call.arguments as Record<string, unknown>)
    const keys = [...new Set(own.flatMap((args) => Object.keys(args)))]
    const schemas = keys.map((key) => [
      key,
      { anyOf: own.filter((args) => Object.hasOwn(args, key)).map((args) => schemaOf(args[key])) },
    ])
    return { name, parameters: { type: 'object', properties: Object.fromEntries(schemas) } }
  })
}

function schemaOf(value: unknown): object {
  if (value === null) return { type: 'null' }
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: { anyOf: value.map(schemaOf) } }) }
  if (typeof value !== 'object') return { type: typeof value }
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaOf(member)])),
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

/** The markers that end the raw strings of a grammar without free text. */
function endsOf(grammar: Node): string[] {
  const [seen, ends] = [new Set<Node>(), new Set<string>()]
  look(grammar)
  return [...ends]

  function look(node: Node): void {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'text') for (const end of node.without) ends.add(end)
    if (node.kind === 'sequence') node.parts.forEach(look)
    if (node.kind === 'choice') node.among.forEach(look)
    if (node.kind === 'repeat') look(node.node)
    if (node.kind === 'rule') look(node.node())
  }
}
