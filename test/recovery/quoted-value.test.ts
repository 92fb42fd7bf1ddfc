import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { type OfferedTool, QUOTED, TOOLS, textOf } from '../damage/shapes.js'
import { characters, chunkDifference } from '../support/run.js'
import { isHard } from '../support/runs.js'

// A value that is nothing but a call of the same format: whatever stands too much in the markup before it, that call is none.

const tools = TOOLS as OfferedTool[]
const INSERTED = ['>', '<', '</s>', ' then ', '`', '(', '\n']
/** Of so many texts of a format one is read, by turns. */
const SHARE = isHard ? 1 : 10

/** A block opener that a quoted line or inline code takes in: the quotation ends before the call does. */
const QUOTED_OPENERS = ['deepseek-v3.2', 'deepseek-v4', 'deepseek-v4.1', 'gigachat35']
/** A line break ends a string of Python, and what follows is read with its quotes the other way round. */
const BROKEN_STRINGS = ['sarashina']

const fileWith = (format: Format, content: string) =>
  textOf(format, [{ name: 'write_file', arguments: { path: 'a.md', content } }])

/** The texts of a format; none where the call is escaped in the value, so that it is no markup there. */
function damaged(format: Format): string[] {
  const inner = textOf(format, [{ name: QUOTED, arguments: { scope: 'x' } }])
  const whole = inner === undefined ? undefined : fileWith(format, inner)
  const value = whole?.indexOf(inner ?? '') ?? -1
  if (whole === undefined || value < 0) return []
  const left = QUOTED_OPENERS.includes(format.id) ? '>`' : BROKEN_STRINGS.includes(format.id) ? '\n' : ''
  const inserted = INSERTED.filter((one) => !left.includes(one))
  return Array.from({ length: value + 1 }, (_, i) => i).flatMap((i) =>
    inserted.map((one) => whole.slice(0, i) + one + whole.slice(i)),
  )
}

const cases = formats().flatMap((format, turn) => {
  const texts = damaged(format).filter((_, i) => i % SHARE === turn % SHARE)
  return texts.length === 0 ? [] : [[format.id, format, texts] as const]
})

describe('a value that is nothing but a call, behind markup with something too much in it', () => {
  it('is possible in many formats', () => expect(cases.length).toBeGreaterThan(20))

  it.each(cases)('makes none in %s', (_, format, texts) => {
    const ran = texts.filter((text) => parse(text, { format, tools }).toolCalls.some(({ name }) => name === QUOTED))
    expect(ran).toEqual([])
    for (const text of texts.slice(0, 3))
      expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  })
})
