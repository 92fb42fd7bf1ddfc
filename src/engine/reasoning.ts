import type { Cursor } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import type { ReasoningBlock } from './format.js'
import type { Candidate, ContentMarker } from './grammar.js'
import { opensCall } from './opens-call.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'

/**
 * Reads the rest of a reasoning block, from behind its opener at `opened`. It is one of `blocks`: several where the prompt
 * opened it, so that its close marker is not known.
 *
 * Call syntax in a block that closes is a draft: reasoning. A whole call in a block that never closes is a call, and ends
 * the block. Where the opener is a special token of the model, it ends the block at once.
 */
export function* readReasoning(reading: Reading, blocks: readonly ReasoningBlock[], opened: number): Read<void> {
  reading.reasoning = true
  yield* readBlock(reading, blocks, opened)
  reading.reasoning = false
}

function* readBlock(reading: Reading, blocks: readonly ReasoningBlock[], opened: number): Read<void> {
  const { cursor, out } = reading
  const calls = out.settings.callsInReasoning === 'unclosed' && !out.refusesCalls
  const matcher = new Matcher(reading.grammar.reasoning(blocks, calls))
  let blank = true
  const emit = (text: string, from: number) => {
    if (blank && text.trim() !== '') blank = false
    out.reasoning(text, from)
  }
  for (;;) {
    const marker = yield* skipTo(cursor, matcher, emit)
    const from = cursor.offset
    if (marker === undefined || marker.kind === 'stop') {
      out.note('truncated-reasoning', `the text ended before ${blocks[0]?.close}`, opened, from)
      out.fail('truncated')
      return
    }
    if (marker.kind === 'reasoning') {
      cursor.at += marker.text.length
      out.note('stray-marker', `${marker.text} opens nothing: reasoning is open`, from, cursor.offset)
      continue
    }
    if (marker.kind !== 'opener') {
      cursor.at += marker.text.length
      if (blank) out.note('empty-reasoning', 'a reasoning block without text', opened, cursor.offset)
      return
    }
    cursor.keep(from)
    const candidate = yield* opensCall(reading, marker, from)
    let ended = false
    if (candidate === undefined) {
      emit(cursor.since(from), from)
    } else if (reading.format.reasoning?.opener === 'at-once') {
      reading.evidence = 'unclosed-reasoning'
      yield* reading.reader(candidate.family).read(candidate.opener, from)
      reading.evidence = 'marker'
      ended = true
    } else {
      ended = yield* readDraft(reading, matcher, candidate, blocks, from)
      if (!ended) emit(cursor.since(from), from)
    }
    cursor.drop()
    if (ended) return
  }
}

/**
 * A call inside reasoning: held until the block closes or the text ends. True when the block is over, and the cursor back
 * at `from`, where a real call stands; else all that was read is reasoning.
 */
function* readDraft(
  reading: Reading,
  matcher: Matcher<ContentMarker>,
  first: Candidate,
  blocks: readonly ReasoningBlock[],
  from: number,
): Read<boolean> {
  const { cursor } = reading
  let candidate: Candidate | undefined = first
  let whole = false
  for (let at = from; ; ) {
    if (candidate !== undefined) {
      const trial = yield* readOnTrial(reading, candidate, at)
      // A call whose end was guessed behind the block's close marker is none: it swallowed the marker.
      if (trial === 'whole' || (trial === 'guessed' && !closesBlock(cursor.since(at), blocks))) {
        whole = true
        // A call that was begun behind the last whole one, and is none, swallowed it too.
        if (reading.lastCallTo > at) backToClose(cursor, reading.lastCallTo, blocks)
      } else backToClose(cursor, at, blocks)
    }
    if (!whole) return false
    const marker = yield* skipTo(cursor, matcher)
    if (marker?.kind !== 'opener') {
      if (marker === undefined || marker.kind === 'stop') {
        reading.evidence = 'unclosed-reasoning'
        cursor.rewind(from)
        return true
      }
      return false
    }
    at = cursor.offset
    candidate = yield* opensCall(reading, marker, at)
  }
}

/** Reads a block without a word to the outside. What it holds: a whole call, one whose end was guessed, or none. */
function* readOnTrial(reading: Reading, candidate: Candidate, from: number): Read<'whole' | 'guessed' | 'none'> {
  const { out } = reading
  const { wholeCalls, guessedCalls } = out
  out.mute()
  yield* reading.reader(candidate.family).read(candidate.opener, from)
  out.unmute()
  if (out.guessedCalls > guessedCalls) return 'guessed'
  return out.wholeCalls > wholeCalls ? 'whole' : 'none'
}

function closesBlock(text: string, blocks: readonly ReasoningBlock[]): boolean {
  return blocks.some(({ close }) => text.includes(close))
}

/** A block that cannot be read may have swallowed the close marker: back to it. */
function backToClose(cursor: Cursor, from: number, blocks: readonly ReasoningBlock[]): void {
  const text = cursor.since(from)
  const found = blocks.map(({ close }) => text.indexOf(close)).filter((i) => i >= 0)
  if (found.length > 0) cursor.rewind(from + Math.min(...found))
}
