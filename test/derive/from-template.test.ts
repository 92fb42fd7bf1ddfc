import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Derivation, DerivationError, formatFromDescription, formatFromTemplate } from '../../src/derive/derive.js'
import { preparedTemplate, TemplateLimitError } from '../../src/derive/template/jinja.js'
import { parse } from '../../src/index.js'
import { isHard } from '../support/runs.js'

const FOLDER = new URL('../../fixtures/templates/', import.meta.url)
const templates = readdirSync(FOLDER).map((file) => file.replace('.jinja', ''))
const read = (name: string) => readFileSync(new URL(`${name}.jinja`, FOLDER), 'utf8')

/** The family of each template, where it is not called after it. */
const FAMILIES: Readonly<Record<string, string>> = {
  'json-list': 'json-calls',
  'name-id-json': 'name-json',
  'tag-around-json': 'tagged',
  attributes: 'tagged',
}

/** Cut anywhere, which takes long; the usual run does so for two templates alone. */
const ANYWHERE = ['tag-around-json', 'bare-json']
const cutEvery = (name: string) => (isHard || ANYWHERE.includes(name) ? 1 : 60)

/** Without known formats, so that what is derived has to do. Once for each template, for all tests. */
const derive = (name: string) => {
  const options = { formats: [], id: `${name}-model`, cutEvery: cutEvery(name) }
  const derivation = derived.get(name) ?? formatFromTemplate(read(name), options)
  derived.set(name, derivation)
  return derivation
}
const derived = new Map<string, Derivation>()

describe('formatFromTemplate', () => {
  it.each(templates)('makes a format of the template %s that reads what it writes, in chunks and damaged', (name) => {
    const { format, description, known, tried, reasons } = derive(name)
    expect(description?.calls[0]?.family).toBe(FAMILIES[name] ?? name)
    expect(known).toBeUndefined()
    // A call without a marker is one only where it begins the text.
    expect(tried.wrong).toEqual(name === 'bare-json' ? ['content and a call'] : [])
    const least = cutEvery(name) === 1 ? 200 : 10
    expect(tried.chunkings).toBeGreaterThan(least)
    expect(tried.otherwiseChunked).toBe(0)
    expect(tried.damaged).toBeGreaterThan(least)
    expect(tried.madeUp).toBe(0)
    expect(tried.rendered).toBe(tried.right.filter((probe) => /call|argument|marks/.test(probe)).length)
    expect(format.id).toBe(`${name}-model`)
    for (const { reason, confidence } of Object.values(reasons)) {
      expect(reason).not.toBe('')
      expect(confidence).toBeGreaterThan(0)
    }
  })

  it('finds the fields, with white space that models may leave out', () => {
    const { description, format } = derive('json-calls')
    expect(description).toMatchObject({
      headers: ['<|turn_start|>assistant'],
      stops: ['<|turn_end|>'],
      reasoning: [{ open: '<muse>', close: '</muse>' }],
      calls: [{ call: { open: '<call>', close: '</call>' }, keys: { name: ['tool'], arguments: ['input'] } }],
    })
    const { toolCalls, content } = parse('Hi <call>{"tool":"new_name","input":{"a":1}}</call>', { format })
    expect([content, toolCalls.map((call) => [call.name, call.arguments])]).toEqual(['Hi', [['new_name', { a: 1 }]]])
  })

  it('tells the markers of each call from those of all, and what stands between', () => {
    expect(derive('name-json').description?.calls[0]).toMatchObject({
      block: { open: '<|requests|>', close: '<|/requests|>' },
      call: { open: '<|request|>', close: '<|done|>' },
      head: [{ is: 'name' }],
      argumentsAfter: '<|with|>',
    })
    expect(derive('name-id-json').description?.calls[0]).toMatchObject({
      call: { open: '[REQUEST]', close: '' },
      head: [
        { is: 'id', optional: true },
        { is: 'name', after: '[NAMED]' },
      ],
      argumentsAfter: '[WITH]',
    })
    expect(derive('tagged').description?.calls[0]).toMatchObject({
      block: { open: '<do>', close: '</do>', around: 'each call' },
      call: { open: '<run={name}>', close: '</run>' },
      parameter: { open: '<with={key}>', close: '</with>' },
      trim: 'newline',
    })
    expect(derive('attributes').description?.calls[0]).toMatchObject({
      parameter: { open: '<value name="{key}" string="{isText}">' },
      typing: 'attribute',
    })
  })

  it('gives a description that is data', () => {
    const { description } = derive('pairs')
    const stored = JSON.parse(JSON.stringify(description))
    expect(stored).toEqual(description)
    const text = '<ask>f\n<k>a</k>\n<v>b</v>\n</ask>'
    expect(parse(text, { format: formatFromDescription(stored) }).toolCalls[0]?.arguments).toEqual({ a: 'b' })
  })

  it('says which known format it is, or comes nearest', () => {
    const hermes = read('json-calls')
      .replaceAll('muse>', 'think>')
      .replaceAll('call>', 'tool_call>')
      .replaceAll("'tool'", "'name'")
      .replaceAll("'input'", "'arguments'")
    const { known, format, confidence } = formatFromTemplate(hermes, { cutEvery: 48 })
    expect([known, format.id, confidence]).toEqual(['hermes', 'hermes', 1])
    expect(formatFromTemplate(read('bare-json'), { cutEvery: 48 }).known).toBe('llama3')
  })

  it('says why there is no format, and what to do', () => {
    expect(() => formatFromTemplate('{{ messages[0].content }}')).toThrow(DerivationError)
    expect(() => formatFromTemplate('{{ messages[0].content }}')).toThrow(
      /writes no calls \(it leaves calls out\)\. Try callsift detect/,
    )
    expect(() => formatFromTemplate('{% if %}')).toThrow(/cannot be read/)
    const prose =
      '{% for m in messages %}{{ m.content or "" }}{% for c in m.tool_calls or [] %}call {{ c.function.name }} of {{ c.function.arguments.zk_text }}{% endfor %}{% endfor %}'
    expect(() => formatFromTemplate(prose)).toThrow(/none of the families/)
    expect(() => formatFromTemplate(prose, { cutEvery: 0 })).toThrow(/cutEvery: expected a whole number from 1, got 0/)
  })
})

describe('a hostile template', () => {
  it.each([
    ['{% for i in range(1000000000) %}x{% endfor %}', 'range'],
    ['{% set all = range(90000) %}{% for i in range(9) %}{% if all %}{% endif %}{% endfor %}', 'steps'],
    // Seconds of loops.
    ...(isHard ? [['{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}', 'steps']] : []),
    ["{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", 'text'],
    ["{{ 'a' * 1000000000 }}", 'text'],
  ])('is stopped: %s', (template, why) => {
    expect(() => preparedTemplate(template)({})).toThrow(TemplateLimitError)
    expect(() => formatFromTemplate(template)).toThrow(why)
  })
})

describe('what the library for templates leaves out', () => {
  it.each([
    ["{% set l = [] %}{% set _ = l.append('a') %}{{ l | join }}", 'a'],
    ["{{ '<{}|{}>'.format('a', 1) }}", '<a|1>'],
    ["{{ {1: 'a', 20: 'b'}[20] }}{{ 'c' if 3 <= '20' }}", 'bc'],
    ['{{ {"a": 1} | string }}{{ "b" | string }}', '{"a": 1}b'],
    ['{{ [3, 1, 2] | min }}{{ [3, 1, 2] | max }}', '13'],
    ['{% for a, b in [("x", "y")] %}{{ a }}{{ b }}{% endfor %}', 'xy'],
    ['{% for k, v in {"items": 1}.items() %}{{ k }}{{ v }}{% endfor %}', 'items1'],
    ["{{ 'ab' * 2 }}", 'abab'],
    ['{{ {"a": 1}[undefined_name] is defined }}', 'false'],
  ])('%s', (template, text) => {
    expect(preparedTemplate(template)({})).toBe(text)
  })
})
