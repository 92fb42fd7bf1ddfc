import type { ChannelRules } from '../../engine/format.js'

/** How much of the end of a prompt is examined, in UTF-16 units. */
const LONGEST_TAIL = 16 * 1024

/**
 * What a prompt holds of a message that it leaves open, from behind the start of its header on; undefined where it leaves
 * none open.
 * @example openMessage('…<|end|><|start|>assistant<|channel|>analysis', rules) // 'assistant<|channel|>analysis'
 */
export function openMessage(prompt: string, { start, ends }: ChannelRules): string | undefined {
  const tail = prompt.slice(-LONGEST_TAIL)
  const at = tail.lastIndexOf(start)
  if (at < 0) return undefined
  const open = tail.slice(at + start.length)
  return ends.some((end) => open.includes(end)) ? undefined : open
}
