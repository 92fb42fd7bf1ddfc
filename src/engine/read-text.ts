import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import { Nested } from '../text/nested.js'
import type { Read } from '../text/step.js'
import { judgeOpener } from './attempt.js'
import type { Format, ReasoningBlock } from './format.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import { countPart, quoteCall, quoteHeader } from './quoted-call.js'
import { readGated } from './read-gated.js'
import { readMarker } from './read-marker.js'
import type { Reading } from './reading.js'
import { readReasoning, readThoughtCall } from './reasoning.js'
import { blocksOf } from './reasoning-blocks.js'
import { closerOfStart, openIn } from './reasoning-start.js'
import { endsText, passStop, readStop } from './stop-token.js'

/** Reads a whole text: reasoning at its start, then content and calls, up to the end or a stop token. */
export function* readText(reading: Reading, from: 'start' | 'rest' = 'start'): Read<void> {
  yield* readAll(reading, from)
  const { drafts, out, text, cursor } = reading
  if (drafts[0] === undefined || !text.blank || out.called) return
  out.note('draft-only', 'the turn is nothing but reasoning with a draft of a call in it', drafts[0], cursor.offset)
}

function* readAll(reading: Reading, from: 'start' | 'rest'): Read<void> {
  const { cursor, text, finder } = reading
  if (from === 'start') {
    const headers = new Matcher(reading.grammar.headers)
    while (!passHeader(reading, headers)) yield
    if (beginsAmid(reading)) yield* readFront(reading)
  }
  const starters = reading.grammar.openers.get('')?.candidates
  // The common way to a call is written out here, since a generator for each of its steps takes as much room as all that it
  // reads. (A small call of Mistral's in tokens: 9.8 KB, and 7.7 so.)
  for (;;) {
    if (reading.successor !== undefined) {
      reading.successor.text.adopt(text)
      return yield* readAll(reading.successor, 'rest')
    }
    let isRead = false
    if (text.fresh && starters !== undefined) {
      // Is it a call without a marker, which may stand at the start of the text or behind another call?
      const from = cursor.offset
      cursor.keep(from)
      while (cursor.skipSpace() === WAIT) yield
      if (!finder.begin(starters, cursor.offset).scan()) yield finder
      const call = startCall(reading, finder.found, from)
      if (call !== undefined) {
        if (!call.scan()) yield call
        if (call.result) text.fresh = true
        // A call of no length would be read here again and again.
        isRead = call.result && cursor.offset > from
      }
      cursor.drop()
    }
    if (isRead) continue
    if (!text.scan()) yield text
    const marker = text.hit
    if (marker === undefined) return
    const from = cursor.offset
    if (marker.kind === 'stop') {
      if (yield* endsText(reading, marker.text)) return yield* readStop(reading, marker.text)
      passStop(reading, marker.text)
      continue
    }
    if (marker.kind !== 'opener') {
      yield* readMarker(reading, marker, from)
      continue
    }
    cursor.keep(from)
    if (!marker.bare) cursor.at += marker.text.length
    if (!finder.begin(marker.candidates, from).scan()) yield finder
    const call = openCall(reading, marker, finder.found, from)
    if (call === undefined) yield* readOpener(reading, marker, finder.found, from)
    else {
      if (reading.inBody) reading.out.callDoubt = IN_BODY
      if (!call.scan()) yield call
      reading.out.callDoubt = undefined
      // Every reader goes on. If one did not, the same text would be read for ever.
      if (cursor.offset <= from) throw new Error(`${marker.text} at ${from} led nowhere: please report the text`)
      if (call.result) text.fresh = true
      else openFence(reading, marker, from)
    }
    cursor.drop()
  }
}

/** Why a call is not whole behind values that are text. */
const IN_BODY = { status: 'malformed', why: 'it may stand in a value of a call that cannot be read' } as const

/** May the prompt hold the beginning of what the text goes on with? */
function beginsAmid({ grammar, out }: Reading): boolean {
  const { prompt, startInReasoning } = out.settings
  return grammar.beginsMessages || prompt !== undefined || startInReasoning !== false
}

function* readFront(reading: Reading): Read<void> {
  const { format, grammar } = reading
  if (grammar.beginsMessages) yield* beginInMessage(reading)
  // Where reasoning is a message, that one's reader knows whether the text begins in it.
  const open = yield* startOf(reading, grammar.beginsMessages ? (format.reasoning?.blocks ?? []) : blocksOf(format))
  const [block] = open
  if (block === undefined) return
  if (block.keepsText !== undefined) {
    reading.thought = block
    return
  }
  reading.out.mark('openReasoning')
  const repeated = yield* skipRepeated(reading, open)
  // The prompt opened the block. Which of them it was is not always known, so the close marker of any ends it.
  if (repeated === undefined) yield* readReasoning(reading, open, 0, 'prompt')
  else yield* readReasoning(reading, [repeated], reading.cursor.offset, 'prompt')
}

/** Lets families whose openers begin messages read a message that the prompt began. */
function* beginInMessage(reading: Reading): Read<void> {
  for (const family of reading.format.families) {
    if (!family.openers.some(({ begins }) => begins === 'message')) continue
    const reader = reading.reader(family)
    if (reader.begin !== undefined) yield* reader.begin()
  }
}

/** The blocks of which one is open where the text begins; empty if it does not begin in reasoning. */
function* startOf(reading: Reading, all: readonly ReasoningBlock[]): Read<readonly ReasoningBlock[]> {
  const { prompt, startInReasoning } = reading.out.settings
  const blocks = all.filter(({ keepsText }) => keepsText === undefined)
  if (blocks.length === 0) return []
  if (prompt !== undefined) return openIn(prompt, blocks)
  if (startInReasoning === 'detect') {
    const closer = yield* closerOfStart(reading, all)
    const words = all.filter(
      ({ keepsText, close, alike = [] }) => keepsText === 'undecided' && [close, ...alike].includes(closer),
    )
    return closer === '' ? [] : words.length > 0 ? words : blocks
  }
  return startInReasoning ? usualOf(reading.format, blocks) : []
}

/** Those that a prompt opens: the format's own, or `<think>` where it has none. */
function usualOf({ reasoning }: Format, blocks: readonly ReasoningBlock[]): readonly ReasoningBlock[] {
  const own = blocks.filter((block) => reasoning?.blocks.includes(block))
  return own.length > 0 ? own : blocks
}

/** The call without a marker that was found. Undefined if there is none, or none is wanted: then the white space before it is text. */
function startCall(reading: Reading, found: Candidate | undefined, from: number): Nested<boolean> | undefined {
  const { cursor, out } = reading
  const reader = found && reading.reader(found.family)
  if (found === undefined || reader === undefined || (out.refusesCalls && reader.opened !== 'message')) {
    cursor.rewind(from)
    return undefined
  }
  const at = cursor.offset
  out.content(cursor.since(from), from)
  return new Nested(reader.read(found.opener, at))
}

/** The call that was found behind its marker. Undefined if nothing was, or if what was found may not be a call here. */
function openCall(
  reading: Reading,
  marker: OpenerMarker,
  found: Candidate | undefined,
  from: number,
): Nested<boolean> | undefined {
  const { out, text } = reading
  const reader = found && reading.reader(found.family)
  if (found === undefined || reader === undefined || reader.opened === 'message') return undefined
  if (text.quotationOf(marker.text) !== undefined || (reading.thought !== undefined && !out.muted) || out.refusesCalls)
    return undefined
  const isGated = text.fenced && !text.wrapped && !marker.bare
  text.owesFence = false
  return new Nested(isGated ? readGated(reading, found, from) : reader.read(found.opener, from))
}

/**
 * Leaves out the assistant header (`<|im_start|>assistant\n`) if the model repeats it. False: more text decides whether one
 * stands here.
 */
function passHeader(reading: Reading, headers: Matcher<string>): boolean {
  const header = reading.at(headers)
  if (header === WAIT) return false
  if (header === undefined) return true
  reading.cursor.at += header.length
  reading.out.note('assistant-header', 'the assistant header of the chat template was left out', 0, header.length)
  return true
}

/** Reads the opener of reasoning that the prompt already wrote, which some models repeat. Returns its block. */
function* skipRepeated(reading: Reading, blocks: readonly ReasoningBlock[]): Read<ReasoningBlock | undefined> {
  const { cursor, out } = reading
  const from = cursor.offset
  cursor.keep()
  while (cursor.skipSpace() === WAIT) yield
  const open = yield* reading.marker(new Matcher(blocks.map((block) => [block.open, block.open] as const)))
  if (open === undefined) out.reasoning(cursor.since(from), from)
  else cursor.at += open.length
  cursor.drop()
  return blocks.find((block) => block.open === open)
}

/** Reads an opener that opens nothing, or what is no call where it stands. */
function* readOpener(reading: Reading, marker: OpenerMarker, found: Candidate | undefined, from: number): Read<void> {
  const { cursor, out, text } = reading
  const quotation = text.quotationOf(marker.text)
  if (found === undefined) {
    // The note names the next character, so that has to be there.
    while (cursor.peek() === WAIT && !marker.bare) yield
    yield* releaseOpener(reading, marker, from)
  } else if (reading.reader(found.family).opened === 'message') {
    if (quotation !== undefined || text.fenced) quoteHeader(reading, marker, from)
    else yield* reading.reader(found.family).read(found.opener, from)
  } else if (quotation !== undefined) {
    quoteCall(reading, marker, from, quotation)
  } else if (reading.thought !== undefined && !out.muted) {
    cursor.rewind(from)
    yield* readThoughtCall(reading, reading.thought, marker, from)
  } else {
    out.mute()
    yield* reading.reader(found.family).read(found.opener, from)
    out.unmute()
    reading.text.track(cursor.since(from))
    out.release('tool-choice', 'no calls are allowed here, so this is text', cursor.since(from), from)
  }
}

/** A marker that holds the first line of a fence opens that fence, where it opens no call. */
function openFence({ cursor, text }: Reading, marker: OpenerMarker, from: number): void {
  if (!marker.fences || text.fenced) return
  const fences = cursor.since(from).split('```').length - 1
  text.fence = fences % 2 === 1 ? '```' : ''
}

/**
 * Handles an opener that opened nothing: an attempt, a mention, an empty block, or a call that the end of the text cut.
 */
function* releaseOpener(reading: Reading, marker: OpenerMarker, from: number): Read<void> {
  const { cursor, out, text } = reading
  if (marker.bare) {
    if (cursor.offset > from) text.trackPlain(cursor.since(from))
    else text.passBare(marker.text.length)
    out.content(cursor.since(from), from)
    return
  }
  const verdict = yield* judgeOpener(reading, marker, from)
  if (typeof verdict === 'number') {
    cursor.rewind(from + verdict)
    out.mark('call')
    out.note('dropped-text', 'an empty block was left out', from, cursor.offset)
    text.fresh = true
    return
  }
  if (verdict === 'cut') {
    out.mark('call')
    cursor.at = cursor.window.length
    reading.cut(`the text ended after ${marker.text}`, from)
    return
  }
  const first = marker.candidates[0] && reading.reader(marker.candidates[0].family)
  const why = reading.expected(first?.expects ?? 'a call')
  const isQuoted = text.quotation !== undefined
  if (isQuoted || text.fenced) countPart(reading, marker)
  // What ordinary text holds has no closer of its own.
  if (!isQuoted && !text.fenced && !marker.inText) {
    reading.openText(verdict === 'refused' && text.isApart)
    if (verdict === 'mention') out.mention(marker.text, from)
  }
  reading.refusing = verdict === 'refused'
  if (verdict === 'begun') out.fail('truncated')
  const code = verdict === 'attempt' ? 'damaged-block' : 'marker-in-text'
  if (verdict === 'attempt' && !out.refusesCalls) out.fail('malformed')
  // The white space behind the marker was read too, so a line may begin here.
  text.track(cursor.since(from))
  const what = verdict === 'refused' ? 'opens no call: it names no tool that was given' : `opens nothing: ${why}`
  out.release(code, `${marker.text} ${what}`, cursor.since(from), from)
  if (!isQuoted) openFence(reading, marker, from)
}
