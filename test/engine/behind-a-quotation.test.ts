import { describe, expect, it } from 'vitest'
import { createRegistry, formats } from '../../src/index.js'
import { markersOf, openersOf } from '../promises/format-facts.js'
import { norm } from '../support/norm.js'
import { run } from '../support/run.js'
import { shareOf } from '../support/runs.js'
import { seeded } from '../support/seeded.js'

// What is quoted leaves nothing behind: the calls after it are those after any other words. A reader that kept what it had
// found out about the quoted opener read the next one by it, and went back over the same text for ever.

const BEHIND = [': {"a": 1}', ': {"a"}', '{"a": ', ' f', '']
const tools = { f: { type: 'object', properties: { a: { type: 'integer' } } } }

describe.each(shareOf(formats(), 1).map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  // What other formats find at the end of a text is no matter here.
  const { createParser } = createRegistry([format])
  const random = seeded(17)
  const markers = markersOf(format)
  const any = () => markers[Math.floor(random() * markers.length)] ?? ''

  it('finds the calls behind a quoted opener that it finds behind other words', () => {
    for (const opener of openersOf(format)) {
      for (const behind of BEHIND) {
        const quoted = `Say \`${opener}${behind}\` here.\n\n`
        const words = `Say \`${'x'.repeat(quoted.length - 14)}\` here.\n\n`
        for (let i = 0; i < 8; i++) {
          const rest = `${any()}${any()}${i % 2 === 0 ? '' : '{"a": 1}'}${any()} Done.`
          expect(callsBehind(quoted, rest), quoted + rest).toEqual(callsBehind(words, rest))
        }
      }
    }
  })

  /** The events of calls in `rest` behind some text. Closers in it may be those of what is quoted, which notes and content tell. */
  function callsBehind(text: string, rest: string) {
    const events = norm(run(createParser, { format, tools }, [text, rest]))
    return events.filter(({ type }) => type.startsWith('call') || type === 'arguments')
  }
})
