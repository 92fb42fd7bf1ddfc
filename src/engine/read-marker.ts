import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { readFence } from './fence.js'
import type { ReasoningBlock } from './format.js'
import { readFrame } from './frames.js'
import type { ContentMarker, OpenerMarker, PlainMarker } from './grammar.js'
import { endsAt } from './lines.js'
import { bodyGoesOn, endsLostHeader, endsValueBehindCall, isCloser, leaveOrphans } from './orphan-closer.js'
import { readQuotation } from './quotation.js'
import { countPart } from './quoted-call.js'
import type { Reading } from './reading.js'
import { readReasoning } from './reasoning.js'
import { isSpecialToken } from './special-token.js'

/** Reads a marker in content that opens no call. The cursor is before it. */
export function* readMarker(reading: Reading, marker: Exclude<ContentMarker, OpenerMarker>, from: number): Read<void> {
  const { cursor, text, out } = reading
  if (marker.kind === 'fence') return yield* readFence(reading, marker.text, from)
  const quoted = text.quotation !== undefined || text.fenced
  if (marker.kind === 'quote') {
    if ((marker.isAnywhere || text.atLineStart) && !quoted)
      return yield* readQuotation(reading, marker.text, marker.ends)
    text.track(marker.text)
    cursor.at += marker.text.length
    return reading.out.content(marker.text, from)
  }
  if (marker.kind === 'element') {
    // At the start it is the token that begins all texts.
    if (!quoted && !text.blank) text.elements++
    text.trackPlain(marker.text)
    cursor.at += marker.text.length
    return out.content(marker.text, from)
  }
  if (marker.kind === 'result') return passResult(reading, marker.text, from)
  if (quoted) {
    if (isCloser(marker) || marker.kind === 'inner') countPart(reading, marker)
    return release(reading, marker, from, `${marker.text} is quoted`)
  }
  if (reading.messageEnds.includes(marker.text)) return endMessage(reading, marker.text, from)
  if (marker.kind === 'reasoning') return yield* readReasoningOpener(reading, marker, from)
  if (marker.kind === 'reasoning-close') return closeReasoning(reading, marker, from)
  if (marker.kind === 'frame' || marker.kind === 'frame-close') {
    if (yield* readFrame(reading, marker, from)) return
    return release(reading, marker, from, `${marker.text} is not part of the answer's frame here`)
  }
  if (reading.grammar.valueEnds.has(marker.text)) {
    cursor.keep(from)
    reading.inBody = yield* bodyGoesOn(reading, marker.text.length)
    cursor.drop()
  } else if (marker.kind === 'stray' && !reading.grammar.valueStarts.has(marker.text)) reading.inBody = false
  if (!isCloser(marker)) {
    // Part of a call that is text, so that its closers are text too.
    reading.openText()
    out.mention(marker.text, from)
  } else if (reading.openersAsText > 0) {
    reading.closeText()
  } else {
    cursor.keep(from)
    const to = from + marker.text.length
    if (yield* endsValueBehindCall(reading, marker))
      out.damage(`${marker.text} follows a call: its value may have ended too early`, from, to)
    if (yield* endsLostHeader(reading, marker))
      out.damage(`the text of a call follows ${marker.text}, without a header`, from, to)
    const left = yield* leaveOrphans(reading, new Matcher(reading.grammar.content), text.atLineStart)
    cursor.drop()
    if (left) return reading.out.mark('call')
  }
  release(reading, marker, from, `${marker.text} ${isCloser(marker) ? 'closes nothing' : 'stands in no call'}`)
}

/**
 * Reads what begins a tool's result as the content that it is. Behind a call the model made the result up, since it had to stop
 * there: a further call may be what it wants, or part of what it imagines, so the call is reported but not complete.
 */
function passResult({ cursor, out, text }: Reading, marker: string, from: number): void {
  const isMadeUp = out.called && text.atLineStart && text.quotation === undefined && !text.fenced
  if (isMadeUp) out.doubt ??= { status: 'malformed', why: `it follows a result that the model made up (${marker})` }
  text.track(marker)
  cursor.at += marker.length
  out.content(marker, from)
}

function release(reading: Reading, { text: marker }: ContentMarker, from: number, why: string): void {
  const { cursor, out, text } = reading
  text.track(marker)
  cursor.at += marker.length
  out.release('marker-in-text', why, marker, from)
}

/** Ends the open message of content. One that ends like a call was meant for a tool, but its recipient is missing. */
function endMessage(reading: Reading, end: string, from: number): void {
  const { cursor, out, text } = reading
  const isCall = reading.callEnds.includes(end)
  reading.messageEnds = []
  cursor.at += end.length
  out.mark('end')
  out.mark('call')
  text.fresh = true
  if (!isCall) return
  out.damage(`${end} ends a call, and the message before it names no tool`, from, cursor.offset)
}

/**
 * Reasoning opens at the start of a line, behind a call or another block, or anywhere if its opener is a special token.
 */
function* readReasoningOpener(
  reading: Reading,
  marker: Extract<ContentMarker, { kind: 'reasoning' }>,
  from: number,
): Read<void> {
  const { cursor, text, out, stops } = reading
  const to = from + marker.text.length
  const counts = text.atLineStart || text.fresh || isSpecialToken(marker.text)
  const { keepsText } = marker.block
  if (keepsText !== undefined) {
    if (counts) reading.thought = marker.block
    return passWords(reading, marker.text, from, keepsText)
  }
  if (counts) {
    cursor.at += marker.text.length
    return yield* readReasoning(reading, [marker.block], to)
  }
  let behind: ReturnType<typeof endsAt>
  while ((behind = endsAt(cursor, cursor.at + marker.text.length, stops)) === WAIT) yield
  if (behind === 'text') {
    cursor.at += marker.text.length
    return out.note('empty-reasoning', 'a reasoning block was opened and holds nothing', from, to)
  }
  reading.reasoningOpenersAsText++
  release(reading, marker, from, 'reasoning does not open in the middle of a line')
}

/** Words that may be a marker stay content, and so do tags in the answer, which are no markup. */
function passWords(
  { cursor, out, text }: Reading,
  words: string,
  from: number,
  keepsText: ReasoningBlock['keepsText'],
): void {
  if (keepsText === 'shown') text.trackPlain(words)
  else text.track(words)
  cursor.at += words.length
  out.content(words, from)
}

/** The closer of a block that was not opened: its text is content, and the closer is left out. */
function closeReasoning(reading: Reading, marker: PlainMarker, from: number): void {
  const { cursor, out, text } = reading
  if (marker.isShown === true) {
    reading.thought = undefined
    passWords(reading, marker.text, from, 'shown')
    return
  }
  const isShown = reading.thought?.keepsText === 'shown'
  if (marker.isWorded === true && reading.thought !== undefined && !isShown) {
    reading.thought = undefined
    passWords(reading, marker.text, from, 'undecided')
    out.note('implicit-reasoning', `the text before ${marker.text} may be reasoning`, from, cursor.offset)
    return
  }
  // Words in a tag close nothing, nor do those that nothing opened: they are words.
  if (!(isShown && marker.isWorded === true)) reading.thought = undefined
  if (reading.reasoningOpenersAsText > 0 || marker.isWorded === true) {
    if (reading.reasoningOpenersAsText > 0) reading.reasoningOpenersAsText--
    release(reading, marker, from, `${marker.text} closes nothing`)
    return
  }
  cursor.at += marker.text.length
  out.mark('orphanCloser')
  const implicit = !text.blank && !reading.reasoned
  const [code, what] = implicit
    ? (['implicit-reasoning', 'came without its opener: the text before it may be reasoning'] as const)
    : (['stray-marker', 'closes nothing and was left out'] as const)
  out.note(code, `${marker.text} ${what}`, from, cursor.offset)
  reading.reasoned = true
  text.fresh = true
}
