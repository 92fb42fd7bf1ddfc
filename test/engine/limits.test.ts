import { expect, it } from 'vitest'
import { createParser, type Format, formats, parse, render } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'
import { shareOf } from '../support/runs.js'
import { seeded, someCuts, tokens } from '../support/seeded.js'

/** Strings whose JSON is longer than they are on the wire, and characters that no cut may divide. */
const ARGUMENTS = { a: 'x\n"y"\t\u0001', b: '😀\n😀' }

/** What is rewritten while it comes, with other lengths: quotes, a literal, an escape, a comma, a bracket, a line break. */
const LOOSE = '{\'a\': "x\ny", b: True, "c": [1 , ], "d": (None, "\\_\\d" "e": {"f": 0.5\n,}}'

function textsOf(format: Format): string[] {
  const plain = render([{ name: 'f', arguments: { a: 'zq' } }], { format })
  const loose = plain.replace(/\{"a": ?"zq"\}/, () => LOOSE)
  return [render([{ name: 'f', arguments: ARGUMENTS }], { format }), ...(loose === plain ? [] : [loose])]
}

it.each(shareOf(formats(), 1).map((format) => [format.id, format] as const))(
  '%s: the limit of the arguments lies at the same place in any chunks',
  (_, format) => {
    for (const text of textsOf(format)) {
      for (let argumentChars = 1; argumentChars <= 80; argumentChars++) {
        const random = seeded(argumentChars)
        const chunkings = [characters(text), tokens(text, random), ...someCuts(text, random, 3)]
        const options = { format, tools: { f: {} }, limits: { argumentChars } }
        const difference = chunkDifference(createParser, options, text, chunkings)
        expect(difference, `${argumentChars} characters of ${text}`).toBeUndefined()
      }
    }
  },
)

it.each(shareOf(formats(), 2).map((format) => [format.id, format] as const))(
  '%s: arguments that are nested too deep end in a note, and their call is not complete',
  (_, format) => {
    const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)])
    const tools = { f: { type: 'object', properties: { a: { type: 'array' } } }, g: { type: 'object' } }
    const text = render([{ name: 'f', arguments: { a: deep(9) } }], { format, tools })
    const options = { format, tools, limits: { depth: 4 } }
    const { toolCalls, notes } = parse(text, options)
    expect(toolCalls).toEqual([])
    expect(notes.map(({ code }) => code)).toContain('limit')
    expect(chunkDifference(createParser, options, text, [characters(text)])).toBeUndefined()
    expect(parse(text, { format, tools }).toolCalls).toHaveLength(1)
  },
)
