import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { holesOf } from '../damage/holes.js'
import { piecesIn } from '../damage/pieces.js'
import { type OfferedTool, QUOTED, shapesOf, TOOLS } from '../damage/shapes.js'
import { WAYS } from '../damage/ways.js'
import { characters, chunkDifference } from '../support/run.js'
import { isHard, shareOf } from '../support/runs.js'

// Where the tags before them are damaged, nothing opens a call, and its values stand alone. A call that one of them quotes is
// still no call.

/**
 * Formats in which such a value may still run what it quotes: they do not read parameters without the tag of a call. MiniCPM5 does,
 * but not a CDATA section behind a damaged tag.
 */
const LEFT = ['beam', 'command-5', 'kimi-k3', 'minicpm5', 'minimax-m3']

/** Texts in which two pieces of markup before the first value are damaged. */
function damaged(format: Format): string[] {
  return shapesOf(format)
    .filter(({ name }) => name.startsWith('quoted call'))
    .flatMap((shape) => {
      const { text } = shape
      const holes = holesOf(format, shape)
      const value = Math.min(...holes.filter(({ kind }) => kind === 'value').map(({ from }) => from))
      const pieces = piecesIn(format, text, holes).filter(({ from, to }) => to - from > 2 && to <= value)
      const pairs = pieces.flatMap((a) => pieces.filter((b) => b.from >= a.to).map((b) => [a, b] as const))
      return pairs.flatMap(([a, b]) =>
        WAYS.flatMap((first) =>
          WAYS.map((second) => {
            const [before, between] = [text.slice(0, a.from), text.slice(a.to, b.from)]
            return before + (first.damage(a) ?? '') + between + (second.damage(b) ?? '') + text.slice(b.to)
          }),
        ),
      )
    })
    .filter((_, i) => isHard || i % 43 === 0)
}

const tools = TOOLS as OfferedTool[]

describe('a call that a value quotes, behind two damaged tags', () => {
  it.each(shareOf(formats(), 2).flatMap((format) => (LEFT.includes(format.id) ? [] : [[format.id, format] as const])))(
    'is none in %s',
    (_, format) => {
      for (const [i, text] of damaged(format).entries()) {
        expect(
          parse(text, { format, tools }).toolCalls.map(({ name }) => name),
          text,
        ).not.toContain(QUOTED)
        if (i % 20 === 0)
          expect(chunkDifference(createParser, { format, tools }, text, [characters(text)]), text).toBeUndefined()
      }
    },
  )
})
