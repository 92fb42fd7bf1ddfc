import { expect, it } from 'vitest'
import { createParser, formats, parse, render } from '../../src/index.js'
import { characters, chunkDifference, everyCut } from '../support/run.js'

// A thought may be about its own closer: in inline code it closes nothing, and the call behind it is a draft.

const tools = [{ name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } }]
const blocks = formats().flatMap((format) =>
  (format.reasoning?.blocks ?? []).map(({ open, close }) => ({ id: format.id, format, open, close })),
)

it.each(blocks)('$id: `$close` in a thought', ({ format, open, close }) => {
  const call = render([{ name: 'f', arguments: { a: 'b' } }], { format, tools })
  const text = `${open}I could write \`${close}\` first.\n${call}\nNo.${close}Done.`
  for (const read of [format, 'auto']) {
    const { toolCalls, content } = parse(text, { format: read, tools })
    expect(toolCalls, text).toEqual([])
    // A thought that words open may stay content.
    if (!/^\w/.test(open)) expect(content, text).toBe('Done.')
  }
})

it('closes behind a fence, and behind a backtick that opens nothing', () => {
  for (const thought of ['```\nx\n```</think>', 'Is it a ` ?</think>', 'I write `x`</think>'])
    expect(parse(`<think>${thought}Done.`, { format: 'hermes' }).content, thought).toBe('Done.')
})

it.each(['```', '``', '`'])('is read alike in any chunks between %s', (ticks) => {
  const text = `<think>a\n${ticks}x${ticks}</think>${ticks}\nb</think>c`
  for (const format of ['hermes', 'deepseek-v3', 'auto'])
    expect(chunkDifference(createParser, { format }, text, [characters(text), ...everyCut(text)])).toBeUndefined()
})
