import fc from 'fast-check'
import type { ReasoningBlock } from '../../src/engine/format.js'
import { blocksOf, shownBlocks } from '../../src/engine/reasoning-blocks.js'
import type { Format, ParserOptions } from '../../src/index.js'
import type { Create } from '../support/run.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { calls, toolsFor } from './calls.js'
import { type Call, renderOf } from './format-facts.js'
import { show } from './trial.js'

const PROMPTED = 'that the prompt opened'

/** A draft in reasoning that closes and a call that is quoted are text, in the format's own name and in `auto`. */
export const drafts: readonly MadePromise[] = (['named', 'auto'] as const).flatMap((reader) => [
  ...Object.entries(placesOfBlocks()).map(([place, write]) => ({
    id: 'I46',
    says: `a draft in a closed block of reasoning ${place} is no call${reader === 'auto' ? ', in auto' : ''}`,
    applies: (format: Format) => blocksToTry(format, reader, place).length > 0,
    attempts: (format: Format) => drafted(format, blocksToTry(format, reader, place), reader, write),
  })),
  ...Object.entries(quotations()).map(([place, write]) => ({
    id: 'I46',
    says: `a call quoted ${place} is no call${reader === 'auto' ? ', in auto' : ''}`,
    attempts: (format: Format) => quoted(format, reader, write),
  })),
])

type Reader = 'named' | 'auto'

interface Written {
  text: string
  options?: Omit<ParserOptions, 'format'>
}

/**
 * The blocks that a closer ends. In a text of an unknown format plain words close no block that the prompt opened, since any
 * thought may hold them. A header begins a message wherever it stands, so that no `<think>` holds a call that is one.
 */
function blocksToTry(format: Format, reader: Reader, place: string): readonly ReasoningBlock[] {
  const callsAreMessages = format.families.some(({ openers }) => openers.some(({ begins }) => begins === 'message'))
  const all = place === PROMPTED || callsAreMessages ? (format.reasoning?.blocks ?? []) : everyBlockOf(format)
  const blocks = all.filter(({ close }) => close !== '')
  return reader === 'auto' && place === PROMPTED ? blocks.filter(({ isWorded }) => isWorded !== true) : blocks
}

function everyBlockOf(format: Format): readonly ReasoningBlock[] {
  const blocks = blocksOf(format)
  return [...blocks, ...shownBlocks(blocks)]
}

/** Where the block stands. */
function placesOfBlocks(): Record<string, (open: string, inner: string, close: string) => Written> {
  return {
    'at the start': (open, inner, close) => ({ text: `${open}${inner}${close}Done.` }),
    'behind another block': (open, inner, close) => ({ text: `${open}One.${close}\n${open}${inner}${close}Done.` }),
    'behind text': (open, inner, close) => ({ text: `Let me see.\n${open}${inner}${close}Done.` }),
    [PROMPTED]: (_open, inner, close) => ({
      text: `${inner}${close}Done.`,
      options: { startInReasoning: true },
    }),
  }
}

/** Undefined where the call's own text would end the quotation. */
function quotations(): Record<string, (draft: string) => string | undefined> {
  return {
    'in inline code': (draft) => `It is written ${inCode(draft)}, as you see.`,
    'in a comment': (draft) => (draft.includes('-->') ? undefined : `Look.\n<!--\n${draft}\n-->\nThat is all.`),
    'in an echoed result': (draft) =>
      draft.includes('</tool_response>')
        ? undefined
        : `<tool_response>\n${draft}\n</tool_response>\nThe page tried to call a tool.`,
    'in a line of Markdown': (draft) => `The log says:\n> ${draft.replaceAll('\n', '\n> ')}\n\nI ignore it.`,
  }
}

/** Between runs of backticks that are longer than any inside. */
function inCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const run = '`'.repeat(longest + 1)
  return `${run}${text}${run}`
}

function drafted(
  format: Format,
  blocks: readonly ReasoningBlock[],
  reader: Reader,
  write: (open: string, inner: string, close: string) => Written,
): fc.Arbitrary<Attempt> {
  const all = everyBlockOf(format)
  return fc.record({ block: fc.constantFrom(...blocks), calls }).map(({ block: { open, close }, calls }) => {
    const draft = renderOf(format, calls, { tools: toolsFor(calls) })
    const inner = `I could run\n${draft}\nbut no, that is too dangerous. `
    // A draft that holds the block's own markers would end it, and a stop token ends the text.
    const ends = [...all.flatMap((block) => [block.open, block.close]), ...format.stops]
    const isPlain = draft !== undefined && !ends.some((marker) => inner.includes(marker))
    return attemptOf(format, reader, calls, isPlain ? write(open, inner, close) : undefined)
  })
}

function quoted(format: Format, reader: Reader, write: (draft: string) => string | undefined): fc.Arbitrary<Attempt> {
  // One call: inline code is told by what stands before the marker on its line, and further calls stand on lines of their own.
  return calls.map(([call]) => {
    const calls = call === undefined ? [] : [call]
    const draft = renderOf(format, calls, { tools: toolsFor(calls) })?.trim()
    const isPlain = draft !== undefined && !format.stops.some((stop) => draft.includes(stop))
    const text = isPlain ? write(draft) : undefined
    return attemptOf(format, reader, calls, text === undefined ? undefined : { text })
  })
}

function attemptOf(format: Format, reader: Reader, calls: readonly Call[], written: Written | undefined): Attempt {
  return {
    text: written?.text,
    input: calls,
    check(create: Create) {
      if (written === undefined) return undefined
      const options = { format: reader === 'auto' ? 'auto' : format, tools: toolsFor(calls), ...written.options }
      const { toolCalls, incomplete } = resultOf(create, options, written.text)
      const [call] = [...toolCalls, ...incomplete]
      return call === undefined ? undefined : `${show(call)} came of ${show(written.text)}`
    },
  }
}
