import type { Format } from '../engine/format.js'

/**
 * What stands for reasoning in a format, in words.
 * @example reasoningOf(hermes) // ['<think>…</think>', '<scratch_pad>…</scratch_pad>']
 */
export function reasoningOf({ reasoning, channels }: Format): string[] {
  if (channels !== undefined) {
    const { channel, recipient, kinds = {}, of, message } = channels
    const kind = Object.entries(kinds).find(([, holds]) => holds === 'reasoning')?.[0]
    if (kind !== undefined) return [`${kind}…`]
    const name = Object.entries(of).find(([, holds]) => holds === 'reasoning')?.[0]
    if (name !== undefined) return [`${channel ?? recipient}${name}${message}…`]
  }
  return (reasoning?.blocks ?? []).map(({ open, close }) => `${open}…${close}`)
}
