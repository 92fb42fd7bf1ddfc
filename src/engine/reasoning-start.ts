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
 * The closer of the reasoning that the text begins in; empty if it does not. Reads ahead: to a closer of reasoning (calls
 * before it are drafts), to an opener of reasoning, a message header, a stop token or the end. Then goes back. Nothing comes
 * out meanwhile. Words that may mean nothing (`keepsText`) are the closer only where no other one follows.
 */
export function* closerOfStart(reading: Reading, blocks: readonly ReasoningBlock[]): Read<string> {
  const { cursor, grammar } = reading
  const from = cursor.offset
  cursor.keep(from)
  const matcher = new Matcher(grammar.reasoning(blocks))
  const words = blocks
    .filter(({ keepsText }) => keepsText === 'undecided')
    .flatMap(({ close, alike = [] }) => [close, ...alike])
  let closer = ''
  let isOver = false
  while (!isOver) {
    const marker = yield* skipTo(cursor, matcher)
    const at = cursor.offset
    if (marker?.kind === 'reasoning-close' && words.includes(marker.text)) {
      closer ||= marker.text
      cursor.at += marker.text.length
    } else if (marker?.kind === 'reasoning-close') {
      if (!cursor.since(from).endsWith('`')) closer = marker.text
      isOver = true
    } else if (marker === undefined || marker.kind === 'stop' || marker.kind === 'reasoning') isOver = true
    else if (marker.kind === 'opener') {
      cursor.keep(at)
      const found = yield* opensCall(reading, marker, at)
      if (found !== undefined && marker.isHeader) isOver = true
      else if (found !== undefined) yield* passCall(reading, found, at)
      cursor.drop()
    } else cursor.at += marker.text.length
  }
  cursor.rewind(from)
  cursor.drop()
  return closer
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
