import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats } from '../../src/index.js'
import { matrixOf } from '../damage/matrix.js'
import { type OfferedTool, TOOLS } from '../damage/shapes.js'
import { norm } from '../support/norm.js'
import { characters, everySecondCut, run } from '../support/run.js'
import { isHard } from '../support/runs.js'

// Which format reads a text, and whether a damaged call is one at all, does not depend on how the text was cut: not where the call
// stands in the middle of a line, behind what may be another marker, or behind its own marker once more.

/** Of so many texts of a format one is read, by turns; of those, so many are cut at every second place. */
const SHARE = isHard ? 7 : 401
const CUT_SHARE = 12

const tools = TOOLS as OfferedTool[]

const FRONTS = [
  'I call it: ',
  '> ',
  '}',
  '<tool_call>',
  '<tool_calls>',
  '[TOOL_CALLS]',
  'Action: get_weather\nAction Input: ',
]

function textsOf(format: Format, turn: number): string[] {
  return matrixOf(format)
    .flatMap(({ text }) => [`${FRONTS[turn % FRONTS.length] ?? ''}${text} Done.`, text.replaceAll('\n', ' ')])
    .filter((_, i) => i % SHARE === (turn * 7) % SHARE)
}

/** The events, with adjacent deltas of one kind merged. */
function events(chunks: readonly string[]) {
  return norm(run(createParser, { format: 'auto', tools }, chunks))
}

describe('a damaged call under auto', () => {
  it.each(formats().map((format, turn) => [format.id, format, turn] as const))(
    'is the same whole and in pieces: %s',
    (_, format, turn) => {
      for (const [i, text] of textsOf(format, turn).entries()) {
        const whole = events([text])
        const cuts = i % CUT_SHARE === turn % CUT_SHARE ? everySecondCut(text, turn) : []
        for (const chunks of [characters(text), ...cuts])
          expect({ text, cut: chunks[0]?.length, events: events(chunks) }).toEqual({
            text,
            cut: chunks[0]?.length,
            events: whole,
          })
      }
    },
  )

  it.each([
    ['closed, with text behind it', 's <tool_call>{"name":"get_weather"</tool_call>x'],
    ['closed as another format closes it', 'I call it: <function=get_weather>\n</tool_call>\nDone.'],
    ['behind a marker of another format', '[TOOL_CALLS]<tool_call>{"name": "get_weather"x\n</tool_call>\nThat is all.'],
    ['in a list', '.<tool_calls>{"name":"write_file"</tool_calls>>'],
    ['behind a recipient', '}>>>get_weather\n}}'],
    [
      'behind its marker once more, of which others make less',
      '<tool_calls><tool_calls><invoke name="get_weather"><parameter name="city">Paris</parameter></invoke></tool_calls></tool_calls>',
    ],
    [
      'behind its own marker once more',
      '<dots_function_call> <dots_function_call> <invoke name="get_weather"> <parameter name="city">Paris</parameter> </invoke> </dots_function_call>',
    ],
  ])('is the same at every cut: %s', (_, text) => {
    const whole = events([text])
    for (const chunks of [characters(text), ...everySecondCut(text, 0)]) expect(events(chunks)).toEqual(whole)
  })
})
