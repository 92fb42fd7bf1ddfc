import { END, WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import { noteFenceLabel } from './fence-label.js'
import { TILDES } from './grammar.js'
import { writeMarked } from './marked-text.js'
import { opensCall } from './opens-call.js'
import { readGated } from './read-gated.js'
import type { Reading } from './reading.js'

/**
 * Reads the line that opens a code fence: content, unless the fence holds calls. The cursor is before the backticks or tildes.
 */
export function* readFence(reading: Reading, marker: string, from: number): Read<void> {
  const { cursor, text, out } = reading
  const { atLineStart } = text
  const isTildes = marker === TILDES
  if (isTildes && !atLineStart) return passTildes(reading, marker, from)
  cursor.keep(from)
  cursor.at += 3
  // A longer fence may hold others.
  for (let code: number; (code = cursor.peek()) === WAIT || isTick(code, marker, cursor.offset - from); ) {
    if (code === WAIT) yield
    else cursor.at++
  }
  const ticks = cursor.since(from)
  while (!fenceLineEnds(reading, from)) {
    if (cursor.ended) break
    yield
  }
  // Behind words (`Here it is: ```json`) it is a fence if the line ends there, and it has a one-word label or holds calls.
  const info = cursor.since(from).slice(ticks.length)
  const label = info.trim()
  if (isTildes && isOrnament(ticks, label, cursor.peek())) {
    cursor.rewind(from)
    passTildes(reading, ticks, from)
  } else if (!atLineStart && (cursor.peek() !== LF || /\s/.test(label))) {
    cursor.rewind(from + ticks.length)
    text.sawContent(ticks.length)
    out.content(ticks, from)
  } else if (text.owesFence && !isTildes && atLineStart && label === '' && [LF, END].includes(cursor.peek())) {
    text.owesFence = false
    text.sawContent()
    out.content(ticks + info, from)
  } else {
    text.fence = ticks
    // A fence that opens the message is the model's wrapper around its calls.
    text.wrapped = text.blank && !out.called
    while (cursor.skipSpace() === WAIT) yield
    const next = reading.at(text.matcher)
    const mayCall = reading.thought === undefined && (next === WAIT || next?.kind === 'opener')
    const taken = mayCall && (yield* readFenced(reading, from))
    if (taken) {
      text.fresh = true
      noteFenceLabel(out, info, from + ticks.length)
    } else {
      text.fence = atLineStart || label !== '' ? ticks : ''
      text.sawContent()
      const line = cursor.since(from)
      if (label === '') out.content(line, from)
      else writeMarked(reading, line, from)
    }
  }
  cursor.drop()
}

const LF = 10
const TICK = 0x60

/** A longer first line is not an info string. */
const LONGEST_FENCE_LINE = 40

function isTick(code: number, marker: string, length: number): boolean {
  return code === marker.charCodeAt(0) && length < LONGEST_FENCE_LINE
}

/** A line of more tildes is an ornament. */
const MOST_TILDES = 7

/** Are these tildes an ornament, as a line of many is, or one with words in it: `~~~ The result ~~~`? `next`: the character behind. */
function isOrnament(tildes: string, label: string, next: number): boolean {
  return tildes.length > MOST_TILDES || /\s/.test(label) || ![LF, END].includes(next)
}

/** Reads tildes that open no fence. */
function passTildes({ cursor, out, text }: Reading, tildes: string, from: number): void {
  cursor.at += tildes.length
  text.sawContent()
  out.content(tildes, from)
}

/** A line break, a backtick, and what markers and payloads begin with: `{`, `[`, `]`, `<`. */
const NO_INFO = [LF, TICK, 0x7b, 0x5b, 0x5d, 0x3c]

/** Reads the info string, to the end of its line or to what can be no info string. Waits where a marker may begin. */
function fenceLineEnds({ cursor, text: { matcher } }: Reading, from: number): boolean {
  const { window } = cursor
  for (; cursor.at < window.length; cursor.at++) {
    if (cursor.offset - from > LONGEST_FENCE_LINE) return true
    const code = window.charCodeAt(cursor.at)
    if (NO_INFO.includes(code)) return true
    // Markers may be words: `Action:`.
    if (matcher.at(window, cursor.at, cursor.ended)) return matcher.hit !== undefined
  }
  return false
}

/**
 * Reads calls directly behind the opening line of a fence. The closing line belongs to them if nothing else is in it.
 */
function* readFenced(reading: Reading, from: number): Read<boolean> {
  const { text, cursor, out } = reading
  let taken = false
  for (;;) {
    const marker = yield* reading.marker(text.matcher)
    if (marker === undefined || marker.kind === 'stop') return taken
    if (marker.kind === 'fence') {
      if (!taken) return false
      let closes: number
      while ((closes = cursor.starts(text.fence)) === WAIT) yield
      if (closes === 0) return true
      cursor.at += text.fence.length
      text.fence = ''
      return true
    }
    if (marker.kind !== 'opener' || out.refusesCalls) return taken
    const at = cursor.offset
    cursor.keep(at)
    const found = yield* opensCall(reading, marker, taken ? at : from)
    if (found === undefined || reading.reader(found.family).opened === 'message') {
      cursor.rewind(at)
      cursor.drop()
      return taken
    }
    const isGated = !text.wrapped && !marker.bare
    const read = isGated
      ? yield* readGated(reading, found, taken ? at : from)
      : yield* reading.reader(found.family).read(found.opener, taken ? at : from)
    cursor.drop()
    if (!read) return true
    taken = true
    while (cursor.skipSpace() === WAIT) yield
  }
}
