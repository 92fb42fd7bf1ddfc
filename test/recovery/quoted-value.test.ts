import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { type OfferedTool, QUOTED, TOOLS, textOf } from '../damage/shapes.js'
import { characters, chunkDifference } from '../support/run.js'
import { isHard } from '../support/runs.js'

// A value that is a call of the same format, or holds one: whatever stands in the markup before it, that call is none.

const tools = TOOLS as OfferedTool[]
const INSERTED = [
  '>',
  '<',
  '</s>',
  ' then ',
  '`',
  '(',
  '\n',
  '/',
  '"',
  "'",
  '{',
  '}',
  '[',
  '|',
  ':',
  '-',
  ' ',
  '<think>',
]
const IN_PLACE = ['x', ' ', '\n', '<', '>', '|', '/']
const DROPPED = [1, 2, 3, 5, 8]
/** Of so many texts of a format one is read, by turns. */
const SHARE = isHard ? 1 : 40

/** What one damage still makes run, by the character that is put in or in place of another. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  // A brace in the header begins arguments as JSON.
  beam: ['{'],
  // A thought opens within the call.
  'glm-4.5': ['<think>'],
  // What ends a string of Python, so that what follows is read with its quotes the other way round.
  sarashina: ['"', '\n', 'x', ' '],
}

const fileWith = (format: Format, content: string) =>
  textOf(format, [{ name: 'write_file', arguments: { path: 'a.md', content } }])

/** The texts of a format; none where the call is escaped in the value, so that it is no markup there. */
function damaged(format: Format): string[] {
  const inner = textOf(format, [{ name: QUOTED, arguments: { scope: 'x' } }])
  if (inner === undefined) return []
  return [inner, `See:\n\n${inner}\nThat is all.`].flatMap((content) => {
    const whole = fileWith(format, content)
    const value = whole?.indexOf(inner) ?? -1
    if (whole === undefined || value < 0) return []
    const left = LEFT[format.id] ?? []
    const kept = (pieces: string[]) => pieces.filter((piece) => !left.includes(piece))
    return Array.from({ length: value + 1 }, (_, i) => i).flatMap((i) => {
      const [before, behind] = [whole.slice(0, i), whole.slice(i)]
      const dropped = left.length === 0 ? DROPPED.filter((length) => i + length <= value) : []
      return [
        ...kept(INSERTED).map((one) => before + one + behind),
        ...(i < value ? kept(IN_PLACE).map((one) => before + one + behind.slice(1)) : []),
        ...dropped.map((length) => before + behind.slice(length)),
      ]
    })
  })
}

const cases = formats().flatMap((format, turn) => {
  const texts = damaged(format).filter((_, i) => i % SHARE === turn % SHARE)
  return texts.length === 0 ? [] : [[format.id, format, texts] as const]
})

describe('a value with a call, behind markup with something too much, too little or other in it', () => {
  it('is possible in many formats', () => expect(cases.length).toBeGreaterThan(20))

  it.each(cases)('makes none in %s', (_, format, texts) => {
    const ran = texts.filter((text) => parse(text, { format, tools }).toolCalls.some(({ name }) => name === QUOTED))
    expect(ran).toEqual([])
    for (const text of texts.slice(0, 3))
      expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  })
})
