import { expect, it } from 'vitest'
import { createParser, type Format, formats, render } from '../src/index.js'
import { characters, chunkDifference } from './support/run.js'
import { seeded, someCuts, tokens } from './support/seeded.js'

/** Strings whose JSON is longer than they are on the wire, and characters that no cut may divide. */
const ARGUMENTS = { a: 'x\n"y"\t\u0001', b: '😀\n😀' }

/** What is rewritten while it comes, with other lengths: quotes, a literal, an escape, a comma, a bracket, a line break. */
const LOOSE = '{\'a\': "x\ny", b: True, "c": [1 , ], "d": (None, "\\_\\d" "e": {"f": 0.5\n,}}'

function textsOf(format: Format): string[] {
  const plain = render([{ name: 'f', arguments: { a: 'zq' } }], { format })
  const loose = plain.replace(/\{"a": ?"zq"\}/, () => LOOSE)
  return [render([{ name: 'f', arguments: ARGUMENTS }], { format }), ...(loose === plain ? [] : [loose])]
}

it.each(formats().map((format) => [format.id, format] as const))(
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
