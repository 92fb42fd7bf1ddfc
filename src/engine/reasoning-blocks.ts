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
