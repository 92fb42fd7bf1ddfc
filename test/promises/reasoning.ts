import fc from 'fast-check'
import type { ReasoningBlock } from '../../src/engine/format.js'
import type { Format, ParserOptions } from '../../src/index.js'
import type { Create } from '../support/run.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { calls, prose, toolsFor } from './calls.js'
import { type Call, openersOf, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** Reasoning is a channel of its own: what stands in it is no call, and the prompt may have opened it. */
export const reasoning: readonly MadePromise[] = [
  {
    id: 'I12',
    says: 'a closed block of reasoning holds no calls, only text',
    applies: reasons,
    attempts: (format) => thoughts(format).map((thought) => draftAttempt(format, thought)),
  },
  {
    id: 'I12',
    says: 'calls in a block that never closes are calls only where that is wanted',
    applies: reasons,
    attempts: (format) => thoughts(format).map((thought) => unclosedAttempt(format, thought)),
  },
  {
    id: 'I19',
    says: 'a block that the prompt opened reads like one that the text opens',
    applies: reasons,
    attempts: (format) => thoughts(format).map((thought) => startAttempt(format, thought)),
  },
]

function reasons(format: Format): boolean {
  return format.reasoning !== undefined && format.reasoning.blocks.length > 0
}

interface Thought {
  block: ReasoningBlock
  calls: Call[]
  before: string
  after: string
}

function thoughts(format: Format): fc.Arbitrary<Thought> {
  const blocks = format.reasoning?.blocks ?? []
  return fc.record({ block: fc.constantFrom(...blocks), calls, before: prose, after: prose })
}

/** The thought as text with a draft of the calls in it; undefined if the draft itself would end the block. */
function draftOf(format: Format, { calls, before, after }: Thought): string | undefined {
  const draft = renderOf(format, calls, { tools: toolsFor(calls) })
  if (draft === undefined) return undefined
  // A close marker that closes nothing is left out, in a thought too: of such thoughts the text is not the source's.
  const strays = format.families.flatMap((family) => [...(family.strays ?? []), ...(family.innerMarkers ?? [])])
  if (strays.some((marker) => before.includes(marker) || after.includes(marker))) return undefined
  // So is one in the strings of a draft that no marker opens, which is text like the rest.
  const openers = format.families.flatMap((family) => family.openers).filter(({ bare }) => bare !== true)
  const isMarked = openers.some(({ marker }) => draft.startsWith(marker))
  if (!isMarked && strays.some((marker) => draft.includes(marker))) return undefined
  const inner = `${before}\n${draft}\n${after}`
  // Models close a block with the closer of another one too, which ends it, with a note.
  const blocks = format.reasoning?.blocks ?? []
  const ends = [...format.stops, ...blocks.flatMap(({ open, close, alike = [] }) => [open, close, ...alike])]
  return ends.some((marker) => inner.includes(marker)) ? undefined : inner
}

function draftAttempt(format: Format, thought: Thought): Attempt {
  const inner = draftOf(format, thought)
  const text = inner === undefined ? undefined : `${thought.block.open}${inner}${thought.block.close}Done.`
  return {
    text,
    input: thought,
    check(create) {
      const { toolCalls, incomplete, reasoning, content } = resultOf(
        create,
        { format, tools: toolsFor(thought.calls), separators: 'keep' },
        text ?? '',
      )
      if (toolCalls.length + incomplete.length > 0)
        return `a draft in ${show(text)} became ${show([...toolCalls, ...incomplete])}`
      if (reasoning !== inner) return `the reasoning of ${show(text)} is ${show(reasoning)}`
      return content === 'Done.' ? undefined : `the content of ${show(text)} is ${show(content)}`
    },
  }
}

function unclosedAttempt(format: Format, thought: Thought): Attempt {
  const inner = draftOf(format, { ...thought, after: '' })
  const text = inner === undefined ? undefined : thought.block.open + inner
  return {
    text,
    input: thought,
    check(create) {
      const tools = toolsFor(thought.calls)
      const never = resultOf(create, { format, tools, callsInReasoning: 'never' }, text ?? '')
      if (never.toolCalls.length > 0) return `calls in reasoning are not wanted: ${show(never.toolCalls)}`
      const calls = resultOf(create, { format, tools }, text ?? '').toolCalls
      const sure = calls.find(({ evidence }, i) => i === 0 && evidence !== 'unclosed-reasoning')
      return sure === undefined ? undefined : `${show(text)}: a call with the evidence ${sure.evidence}`
    },
  }
}

function startAttempt(format: Format, thought: Thought): Attempt {
  const { block, before, after, calls } = thought
  const rest = renderOf(format, calls, { tools: toolsFor(calls) })
  const inner = `${before}x`
  // Which block the prompt opened is not known: the opener of any may repeat it, and the close marker of any ends it.
  const ends = (format.reasoning?.blocks ?? []).flatMap(({ open, close }) => [open, close])
  const markers = [...openersOf(format), ...format.stops, ...format.headers, '```', ...ends]
  const plain = rest !== undefined && !markers.some((marker) => inner.includes(marker) || after.includes(marker))
  const text = plain ? `${inner}${block.close}${rest}${after}` : undefined
  return {
    text,
    input: thought,
    check(create) {
      const options = { format, tools: toolsFor(calls) }
      const opened = read(create, options, block.open + text)
      const prompted = read(create, { ...options, startInReasoning: true }, text ?? '')
      const first = format.reasoning?.blocks[0] === block
      const both = read(create, { ...options, startInReasoning: true }, block.open + text)
      if (opened !== prompted && first) return `${show(text)}: opened ${opened}\nby the prompt ${prompted}`
      return opened === both || !first ? undefined : `${show(text)}: opened ${opened}\ntwice ${both}`
    },
  }
}

function read(create: Create, options: ParserOptions, text: string): string {
  const { content, reasoning, toolCalls, status } = resultOf(create, options, text)
  const calls = toolCalls.map(({ name, arguments: args, evidence }) => [name, args, evidence])
  return JSON.stringify({ content, reasoning, calls, status })
}
