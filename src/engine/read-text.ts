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
export function* readText(r: Reading, from: 'start' | 'rest' = 'start'): Read<void> {
  const { cursor, text } = r
  if (from === 'start') yield* readFront(r)
  const starters = r.out.refusesCalls ? undefined : r.grammar.openers.get('')?.candidates
  for (;;) {
    if (text.blank && starters !== undefined) yield* readStart(r, starters)
    if (r.successor !== undefined) {
      r.successor.text.adopt(text)
      return yield* readText(r.successor, 'rest')
    }
    if (!text.scan()) yield text
    const marker = text.hit
    if (marker === undefined) return
    const from = cursor.offset
    if (marker.kind === 'stop') return yield* readStop(r, marker.text)
    if (marker.kind === 'opener') yield* readOpener(r, marker, from)
    else yield* readMarker(r, marker, from)
  }
}

function* readFront(r: Reading): Read<void> {
  if (r.format.headers.length > 0) yield* skipHeader(r)
  const blocks = r.format.reasoning?.blocks ?? []
  if (!r.out.settings.startInReasoning || blocks.length === 0) return
  const repeated = yield* skipRepeated(r, blocks)
  // The prompt opened the block, and which one of them it was is not known here: the close marker of any ends it.
  if (repeated === undefined) yield* readReasoning(r, blocks, 0)
  else yield* readReasoning(r, [repeated], r.cursor.offset)
}

/** Nothing but white space came before: a call may stand here without any marker. */
function* readStart(r: Reading, starters: readonly Candidate[]): Read<void> {
  const { cursor, out } = r
  const from = cursor.offset
  cursor.keep(from)
  while (cursor.skipSpace() === WAIT) yield
  const at = cursor.offset
  const found = yield* candidateFor(r, [...starters], at)
  if (found === undefined) {
    cursor.rewind(from)
  } else {
    out.content(cursor.since(from), from)
    yield* r.reader(found.family).read(found.opener, at)
  }
  cursor.drop()
}

/** `<|im_start|>assistant\n` repeated by the model. */
function* skipHeader(r: Reading): Read<void> {
  const { cursor, out, grammar } = r
  const headers = new Matcher(grammar.headers)
  let header: string | undefined | typeof WAIT
  while ((header = r.at(headers)) === WAIT) yield
  if (header === undefined) return
  cursor.at += header.length
  out.note('assistant-header', 'the assistant header of the chat template was left out', 0, header.length)
}

/** Some checkpoints repeat the opener that the prompt already wrote. The block that it opens. */
function* skipRepeated(r: Reading, blocks: readonly ReasoningBlock[]): Read<ReasoningBlock | undefined> {
  const { cursor, out } = r
  const from = cursor.offset
  cursor.keep()
  while (cursor.skipSpace() === WAIT) yield
  const open = yield* r.marker(new Matcher(blocks.map((block) => [block.open, block.open] as const)))
  if (open === undefined) out.reasoning(cursor.since(from), from)
  else cursor.at += open.length
  cursor.drop()
  return blocks.find((block) => block.open === open)
}

function* readOpener(r: Reading, marker: OpenerMarker, from: number): Read<void> {
  const { cursor, out } = r
  cursor.keep(from)
  const found = yield* opensCall(r, marker, from)
  if (found === undefined) {
    // What is told of it names the next character, wherever the chunk ended.
    while (cursor.peek() === WAIT && !marker.bare) yield
    releaseOpener(r, marker, from)
  } else if (out.refusesCalls) {
    out.mute()
    yield* r.reader(found.family).read(found.opener, from)
    out.unmute()
    r.text.look(cursor.since(from))
    out.release('tool-choice', 'no calls are allowed here, so this is text', cursor.since(from), from)
  } else {
    yield* r.reader(found.family).read(found.opener, from)
  }
  cursor.drop()
}

/** An opener that opened nothing is text; but at the end of the text it is a call that was cut. */
function releaseOpener(r: Reading, marker: OpenerMarker, from: number): void {
  const { cursor, out } = r
  if (marker.bare) {
    if (cursor.offset > from) r.text.look(cursor.since(from))
    else {
      cursor.at += marker.text.length
      r.text.wrote()
    }
    out.content(cursor.since(from), from)
    return
  }
  if (!marker.stem && cursor.ended && cursor.peek() < 0 && cursor.offset >= from + marker.text.length) {
    r.cut(`the text ended behind ${marker.text}`, from)
    return
  }
  const first = marker.candidates[0] && r.reader(marker.candidates[0].family)
  const bad = r.expected(first?.expects ?? 'a call')
  r.mentions++
  // The white space behind it was looked at too: a line may begin here.
  r.text.look(cursor.since(from))
  out.release('marker-in-text', `${marker.text} opens nothing: ${bad}`, cursor.since(from), from)
}

/** Markers that open no call. The cursor stands before them. */
function* readMarker(r: Reading, marker: Exclude<ContentMarker, OpenerMarker>, from: number): Read<void> {
  const { cursor, out, text } = r
  const to = from + marker.text.length
  if (marker.kind === 'fence') return yield* readFence(r, from)
  cursor.at += marker.text.length
  if (marker.kind === 'reasoning') {
    if (text.blank) return yield* readReasoning(r, [marker.block], to)
    r.reopened++
    text.wrote()
    out.release('marker-in-text', 'reasoning is not opened again behind content', marker.text, from)
  } else if (
    marker.kind === 'mention' ||
    (marker.kind === 'stray' && r.mentions > 0 && r.mentions--) ||
    (marker.kind === 'reasoning-close' && r.reopened > 0 && r.reopened--)
  ) {
    text.wrote()
    out.release('marker-in-text', `${marker.text} closes nothing`, marker.text, from)
  } else {
    out.note('stray-marker', `${marker.text} closes nothing and was left out`, from, to)
  }
}

/** The model's turn is over: what follows is not read. */
function* readStop(r: Reading, stop: string): Read<void> {
  const { cursor, out } = r
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
