import { describe, expect, it } from 'vitest'
import { parse } from '../../src/core.js'
import { FirstSigns } from '../../src/detect/first-signs.js'
import { grammarOf } from '../../src/engine/grammar.js'
import { formats, getFormat } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { fixturesOf } from '../promises/texts.js'
import { shareOf } from '../support/runs.js'

const grammars = formats().map(grammarOf)
const all = new FirstSigns(grammars, 'all')
const marked = new FirstSigns(grammars, 'marked')
const named = (signs: FirstSigns, text: string): string[] => signs.in(text).map(({ format }) => format.id)

const openersOf = (id: string): string[] =>
  [...grammarOf(getFormat(id)).openers].filter(([, { bare }]) => !bare).map(([opener]) => opener)

const calls = [{ name: 'get_tide', arguments: { port: 'Bodø', days: 2 } }]
const texts = [
  ...formats().flatMap((format) => fixturesOf(format).map(({ text }) => text)),
  ...formats().flatMap((format) => {
    const text = renderOf(format, calls)
    return text === undefined ? [] : [text, `<think>\nFirst.\n</think>\n\n${text}`, `[THINK]First.[/THINK]${text}`]
  }),
]

describe('the first signs of a call', () => {
  it.each(shareOf(formats(), 3).map(({ id }) => id))('stand in every text in which %s finds one', (id) => {
    // By the engine alone: a look for other formats in each of these texts would take most of the time.
    const format = getFormat(id)
    let found = 0
    for (const text of texts) {
      const { toolCalls, incomplete } = parse(text, { format, tools: [{ name: 'get_tide', parameters: {} }] })
      const without = parse(text, { format })
      const read = [...toolCalls, ...incomplete, ...without.toolCalls, ...without.incomplete]
      if (read.length === 0) continue
      found++
      expect(named(all, text), text).toContain(id)
      const isMarked = read.some(({ from }) => openersOf(id).some((opener) => text.startsWith(opener, from)))
      if (isMarked) expect(named(marked, text), text).toContain(id)
    }
    expect(found).toBeGreaterThan(5)
  })

  it.each([
    'Hello.',
    'Hello (see above), this is {most} of what [you] saw: a < b, f(x), `{}`.',
    '<think>\nThe user greets me.\n</think>\n\nHello! It is a fine day (20 degrees).',
    '[THINK]Well.[/THINK]Hello.',
    '{"port": "Moss", "days": [1, 2]}',
    '[[1, 2], [3, 4]]',
    'A function is called by name:\n\nfunction f() { return [0] }',
  ])('do not stand in %j', (text) => {
    expect(named(all, text)).toEqual([])
    expect(named(marked, text)).toEqual([])
  })

  it('stand behind what comes out nowhere', () => {
    const start = "get_tide(port='Moss')"
    for (const before of ['', '\n', '<think>Well.</think>\n', '<|start_header_id|>assistant<|end_header_id|>\n\n'])
      expect(named(all, before + start)).toContain('pythonic')
    expect(named(all, `Well. ${start}`)).toEqual([])
  })
})
