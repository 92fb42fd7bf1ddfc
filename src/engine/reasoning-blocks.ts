import type { Format, ReasoningBlock } from './format.js'

/** Models of every format have learnt it from others' thoughts, and a call in it is a draft whosever it is. */
export const THINK: ReasoningBlock = { open: '<think>', close: '</think>' }

/**
 * The reasoning blocks that are read in texts of a format: its own, then `<think>`, which every format knows.
 * @example blocksOf(gemma4) // <|channel>thought…<channel|> and <think>…</think>
 */
export function blocksOf({ reasoning }: Format): readonly ReasoningBlock[] {
  const blocks = reasoning?.blocks ?? []
  return blocks.some(({ open }) => open === THINK.open) ? blocks : [...blocks, THINK]
}

/**
 * Tags that prompts ask for, and whose text is shown. A call in them is a draft or an example all the same. Models also write
 * them in capitals.
 */
const NAMES = [
  ...['thinking', 'thought', 'thoughts', 'reasoning', 'reflection', 'scratchpad'],
  ...['analysis', 'plan', 'planning', 'draft', 'example', 'examples'],
]
const CAPITALS = ['think', ...NAMES].flatMap((tag) => [tag.charAt(0).toUpperCase() + tag.slice(1), tag.toUpperCase()])
const SHOWN = [...NAMES, ...CAPITALS]

/**
 * Blocks beside those of a format whose text is content.
 * @example <thinking>Maybe <tool_call>…</tool_call>, but no.</thinking>Done.
 */
export function shownBlocks(blocks: readonly ReasoningBlock[]): readonly ReasoningBlock[] {
  const others = SHOWN.filter((tag) => !blocks.some(({ open }) => open === `<${tag}>`))
  return others.map((tag) => ({ open: `<${tag}>`, close: `</${tag}>`, keepsText: 'shown' }))
}
