import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import type { ReasoningBlock } from './format.js'
import type { Candidate } from './grammar.js'
import { opensCall } from './opens-call.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'

/** How much of the end of a prompt is examined, in UTF-16 units. */
const LONGEST_TAIL = 16 * 1024

/**
 * The reasoning block that the end of a prompt leaves open, in a list; empty if it leaves none open.
 * @example openIn('<|im_start|>assistant\n<think>\n', [{ open: '<think>', close: '</think>' }]) // the block
 */
export function openIn(prompt: string, blocks: readonly ReasoningBlock[]): readonly ReasoningBlock[] {
  const tail = prompt.slice(-LONGEST_TAIL).trimEnd()
  // Words behind the opener are the beginning of a thought. Only a closer behind it shows that the block is over.
  return blocks.filter(({ open, close, alike = [] }) => {
    const at = tail.lastIndexOf(open)
    return at >= 0 && [close, ...alike].every((closer) => tail.lastIndexOf(closer) < at)
  })
}

/**
 * Does the text begin in reasoning? Reads ahead: to a closer of reasoning (yes; calls before it are drafts), to an
 * opener of reasoning, a message header, a stop token or the end (no). Then goes back. Nothing comes out meanwhile.
 */
export function* beginsInReasoning(reading: Reading, blocks: readonly ReasoningBlock[]): Read<boolean> {
  const { cursor, grammar } = reading
  const from = cursor.offset
  cursor.keep(from)
  const matcher = new Matcher(grammar.reasoning(blocks))
  let begins: boolean | undefined
  while (begins === undefined) {
    const marker = yield* skipTo(cursor, matcher)
    const at = cursor.offset
    if (marker?.kind === 'reasoning-close') begins = !cursor.since(from).endsWith('`')
    else if (marker === undefined || marker.kind === 'stop' || marker.kind === 'reasoning') begins = false
    else if (marker.kind === 'opener') {
      cursor.keep(at)
      const found = yield* opensCall(reading, marker, at)
      if (found !== undefined && marker.isHeader) begins = false
      else if (found !== undefined) yield* passCall(reading, found, at)
      cursor.drop()
    } else cursor.at += marker.text.length
  }
  cursor.rewind(from)
  cursor.drop()
  return begins
}

/** Reads past a call without any events: its contents say nothing about reasoning. */
function* passCall(reading: Reading, { family, opener }: Candidate, from: number): Read<void> {
  const { out } = reading
  const { lastCallTo } = reading
  out.mute()
  yield* reading.reader(family).read(opener, from)
  out.unmute()
  reading.lastCallTo = lastCallTo
}
