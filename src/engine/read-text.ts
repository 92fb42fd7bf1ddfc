import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { readFence } from './fence.js'
import type { ReasoningBlock } from './format.js'
import type { Candidate, ContentMarker, OpenerMarker } from './grammar.js'
import { candidateFor, opensCall } from './opens-call.js'
import type { Reading } from './reading.js'
import { readReasoning } from './reasoning.js'

/** Reads a whole text: reasoning in front, then content and calls, to the end or a stop token. */
export function* readText(reading: Reading, from: 'start' | 'rest' = 'start'): Read<void> {
  const { cursor, text } = reading
  if (from === 'start') yield* readFront(reading)
  const starters = reading.out.refusesCalls ? undefined : reading.grammar.openers.get('')?.candidates
  for (;;) {
    if (text.blank && starters !== undefined) yield* readStart(reading, starters)
    if (reading.successor !== undefined) {
      reading.successor.text.adopt(text)
      return yield* readText(reading.successor, 'rest')
    }
    if (!text.scan()) yield text
    const marker = text.hit
    if (marker === undefined) return
    const from = cursor.offset
    if (marker.kind === 'stop') return yield* readStop(reading, marker.text)
    if (marker.kind === 'opener') yield* readOpener(reading, marker, from)
    else yield* readMarker(reading, marker, from)
  }
}

function* readFront(reading: Reading): Read<void> {
  if (reading.format.headers.length > 0) yield* skipHeader(reading)
  const blocks = reading.format.reasoning?.blocks ?? []
  if (!reading.out.settings.startInReasoning || blocks.length === 0) return
  const repeated = yield* skipRepeated(reading, blocks)
  // The prompt opened the block, and which one of them it was is not known here: the close marker of any ends it.
  if (repeated === undefined) yield* readReasoning(reading, blocks, 0)
  else yield* readReasoning(reading, [repeated], reading.cursor.offset)
}

/** Nothing but white space came before: a call may stand here without any marker. */
function* readStart(reading: Reading, starters: readonly Candidate[]): Read<void> {
  const { cursor, out } = reading
  const from = cursor.offset
  cursor.keep(from)
  while (cursor.skipSpace() === WAIT) yield
  const at = cursor.offset
  const found = yield* candidateFor(reading, [...starters], at)
  if (found === undefined) {
    cursor.rewind(from)
  } else {
    out.content(cursor.since(from), from)
    yield* reading.reader(found.family).read(found.opener, at)
  }
  cursor.drop()
}

/** `<|im_start|>assistant\n` repeated by the model. */
function* skipHeader(reading: Reading): Read<void> {
  const { cursor, out, grammar } = reading
  const headers = new Matcher(grammar.headers)
  let header: string | undefined | typeof WAIT
  while ((header = reading.at(headers)) === WAIT) yield
  if (header === undefined) return
  cursor.at += header.length
  out.note('assistant-header', 'the assistant header of the chat template was left out', 0, header.length)
}

/** Some checkpoints repeat the opener that the prompt already wrote. The block that it opens. */
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

function* readOpener(reading: Reading, marker: OpenerMarker, from: number): Read<void> {
  const { cursor, out } = reading
  cursor.keep(from)
  const found = yield* opensCall(reading, marker, from)
  if (found === undefined) {
    // What is told of it names the next character, wherever the chunk ended.
    while (cursor.peek() === WAIT && !marker.bare) yield
    releaseOpener(reading, marker, from)
  } else if (out.refusesCalls) {
    out.mute()
    yield* reading.reader(found.family).read(found.opener, from)
    out.unmute()
    reading.text.track(cursor.since(from))
    out.release('tool-choice', 'no calls are allowed here, so this is text', cursor.since(from), from)
  } else {
    yield* reading.reader(found.family).read(found.opener, from)
  }
  cursor.drop()
}

/** An opener that opened nothing is text; but at the end of the text it is a call that was cut. */
function releaseOpener(reading: Reading, marker: OpenerMarker, from: number): void {
  const { cursor, out } = reading
  if (marker.bare) {
    if (cursor.offset > from) reading.text.track(cursor.since(from))
    else {
      cursor.at += marker.text.length
      reading.text.sawContent()
    }
    out.content(cursor.since(from), from)
    return
  }
  if (!marker.stem && cursor.ended && cursor.peek() < 0 && cursor.offset >= from + marker.text.length) {
    reading.cut(`the text ended behind ${marker.text}`, from)
    return
  }
  const first = marker.candidates[0] && reading.reader(marker.candidates[0].family)
  const bad = reading.expected(first?.expects ?? 'a call')
  reading.openersAsText++
  // The white space behind it was looked at too: a line may begin here.
  reading.text.track(cursor.since(from))
  out.release('marker-in-text', `${marker.text} opens nothing: ${bad}`, cursor.since(from), from)
}

/** Markers that open no call. The cursor stands before them. */
function* readMarker(reading: Reading, marker: Exclude<ContentMarker, OpenerMarker>, from: number): Read<void> {
  const { cursor, out, text } = reading
  const to = from + marker.text.length
  if (marker.kind === 'fence') return yield* readFence(reading, from)
  cursor.at += marker.text.length
  if (marker.kind === 'reasoning') {
    if (text.blank) return yield* readReasoning(reading, [marker.block], to)
    reading.reasoningOpenersAsText++
    text.sawContent()
    out.release('marker-in-text', 'reasoning is not opened again behind content', marker.text, from)
  } else if (
    marker.kind === 'mention' ||
    (marker.kind === 'stray' && reading.openersAsText > 0 && reading.openersAsText--) ||
    (marker.kind === 'reasoning-close' && reading.reasoningOpenersAsText > 0 && reading.reasoningOpenersAsText--)
  ) {
    text.sawContent()
    out.release('marker-in-text', `${marker.text} closes nothing`, marker.text, from)
  } else {
    out.note('stray-marker', `${marker.text} closes nothing and was left out`, from, to)
  }
}

/** The model's turn is over: what follows is not read. */
function* readStop(reading: Reading, stop: string): Read<void> {
  const { cursor, out } = reading
  const from = cursor.offset
  cursor.at += stop.length
  out.note('stop-token', `${stop} ended the text`, from, cursor.offset)
  const to = cursor.offset
  let blank = true
  const rest = {
    scan() {
      if (cursor.skipSpace() >= 0) blank = false
      cursor.at = cursor.window.length
      return cursor.ended
    },
  }
  if (!rest.scan()) yield rest
  if (!blank) out.note('text-after-stop', 'text behind the stop token was left out', to, cursor.offset)
}
