import { bodyGoesOn } from '../../engine/orphan-closer.js'
import type { Reading } from '../../engine/reading.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { TagMarks } from '../../recovery/span-marks.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { tagOf } from '../../text/tag.js'
import type { Tags } from '../../text/tags.js'
import type { TaggedCall } from './tagged-call.js'
import type { TaggedGrammar } from './tagged-grammar.js'

// Calls in tags that are given back as text, in the ways in which that can happen.

const STRIPPED_ADVICE =
  'the special tokens of a call were removed from the text: have the server keep them (vLLM, SGLang: skip_special_tokens false; llama.cpp: --special)'

const NAMELESS = tagOf('call', 0, { name: '' })

/**
 * Reads a damaged call or block to its end and gives it back as text. Its tags are counted, so that a call that it quotes is
 * none.
 */
export function* passDamaged(
  reading: Reading,
  tags: Tags,
  until: 'call-end' | 'section-end',
  from: number,
  why: string,
): Read<void> {
  const { cursor, out } = reading
  const span = new DamagedSpan(cursor, new TagMarks(tags, reading.stops), { openers: 'nest', until })
  const ending = yield* span.skip()
  // The end of the block belongs to the text behind a call.
  if (ending === until) span.readEnd()
  reading.giveUp(why, from)
  if (span.isUncertain) out.doubtRest()
}

/** Gives back a call without its block, where repairs are off. */
export function* passStrict(reading: Reading, tags: Tags, from: number): Read<false> {
  reading.cursor.at++
  yield* passDamaged(reading, tags, 'call-end', from, 'a call without its block')
  return false
}

/** Gives back the parameters of a call whose own tag is lost, with everything that their values quote. `why`: the note. */
export function* giveBackParameters(
  reading: Reading,
  call: TaggedCall,
  from: number,
  why = 'parameters stand here without the tag of a call',
): Read<void> {
  const { out, evidence } = reading
  out.mute()
  yield* call.read(NAMELESS, { from, evidence, repairs: [], guarded: true })
  out.unmute()
  reading.giveUp(why, from)
  reading.inBody = call.end !== 'closed' && (yield* bodyGoesOn(reading))
}

/** Gives back a call without its block. `isRead`: it could be read to its end, and only its name is none of a given tool. */
export function* giveBackCall(
  reading: Reading,
  { stripped }: TaggedGrammar,
  from: number,
  isRead: boolean,
): Read<void> {
  const { cursor, out, text } = reading
  const given = cursor.since(from)
  // Was it cut by the end of the text? That shows with the next character.
  if (!isRead) while (cursor.peek() === WAIT) yield
  text.track(given)
  if (stripped !== undefined) {
    out.fail('malformed')
    out.release('stripped-markers', STRIPPED_ADVICE, given, from)
    return
  }
  if (!isRead) out.fail(cursor.peek() < 0 ? 'truncated' : 'malformed')
  out.release(
    isRead ? 'marker-in-text' : 'damaged-block',
    'a call without its block is text, unless it is whole and of a tool that was given',
    given,
    from,
  )
  if (!isRead) reading.inBody = yield* bodyGoesOn(reading)
}
