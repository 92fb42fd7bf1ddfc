import { endsOf } from '../../engine/call-marks.js'
import type { Family, FamilyReader, Format, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { FlowerArguments } from './flower-arguments.js'
import { cutMarkers, type FlowerHead, MARKERS, readFlowerHead } from './flower-head.js'

/**
 * The calls of Qwen1.5 and Qwen2 as Qwen-Agent prompts for them:
 *
 *     message = text { "✿FUNCTION✿" ":" name { "✿ARGS✿" ":" arguments } } [ ( "✿RESULT✿" | "✿RETURN✿" ) ":" anything ]
 *
 * Several arguments of one function are several calls; none are a call without arguments. Behind a call nothing is content:
 * comments, results and answers that the model made up are left out with a note. What the end of the text leaves of a marker is
 * text, as in every format; behind a call, where nothing is text, it is a header that was cut.
 */
export const qwenAgent: Family = {
  openers: Object.values(MARKERS).map((marker) => ({ marker })),
  create: (reading: Reading) => new FlowerReader(reading),
}

function marksOf(format: Format) {
  const ends = endsOf(format)
  const markers = [...Object.values(MARKERS), ...ends]
  return { marks: markerSet([...markers, ...cutMarkers]), ends: markerSet(ends), markers }
}

class FlowerReader implements FamilyReader {
  readonly expects = 'a colon and the name of a function'
  /** Finds the markers, what the end of the text leaves of them, and the stop tokens. */
  private readonly marks: Matcher<string>
  /** Finds what ends a call from outside. */
  private readonly ends: Matcher<string>
  private readonly payload: FlowerArguments
  /** The function of the last call, and the offset of the marker, stop token or end behind it. */
  private name = ''
  private lastTo = -1

  constructor(private readonly reading: Reading) {
    const { marks, ends, markers } = reading.grammar.once(qwenAgent, () => marksOf(reading.format))
    this.marks = new Matcher(marks)
    this.ends = new Matcher(ends)
    this.payload = new FlowerArguments(reading, markers)
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { cursor, text, out } = this.reading
    const { marker } = opener
    if (from === this.lastTo) return true
    const code = cursor.peek()
    if (code === WAIT) return WAIT
    if (!this.isColon(code)) return false
    if (marker === MARKERS.function) return this.opensFunction()
    return (
      text.blank &&
      (marker === MARKERS.return || (marker === MARKERS.args && typeof out.settings.toolChoice === 'object'))
    )
  }

  private isColon(code: number): boolean {
    return code === 0x3a || (code === 0xff1a && this.reading.out.settings.repair)
  }

  private opensFunction(): boolean | typeof WAIT {
    const { text, out } = this.reading
    const head = readFlowerHead(this.reading, this.ends)
    if (head === WAIT) return WAIT
    if (head === undefined) return false
    // In a fence, the call of a tool that does not exist is an example.
    return !text.fenced || !out.tools.given || out.tools.has(head.name)
  }

  *read({ marker }: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    if (marker === MARKERS.function) yield* this.readFunction(from)
    else if (marker === MARKERS.args) yield* this.readArguments(from, from, from)
    else if (from === this.lastTo) yield* this.drop(from, 'results and answers that the model made up')
    else {
      cursor.at++
      while (cursor.skipSpace() === WAIT) yield
      out.note('stray-marker', `${marker} before a plain answer was left out`, from, cursor.offset)
      return false
    }
    return true
  }

  /** The cursor stands behind the marker. */
  private *readFunction(from: number): Read<void> {
    const { cursor, out } = this.reading
    while (cursor.peek() === WAIT) yield
    let head: FlowerHead | undefined | typeof WAIT
    while ((head = readFlowerHead(this.reading, this.ends)) === WAIT) yield
    if (cursor.peek() < 0) return this.cut(from)
    if (head === undefined || !this.isColon(cursor.peek())) {
      out.fail('malformed')
      return yield* this.readTail(from, 'a function without a name')
    }
    const at = cursor.offset
    cursor.at += head.length
    if (head.next === 'cut') return this.cut(from)
    this.name = head.name
    if (head.next === 'args') {
      cursor.at += MARKERS.args.length
      return yield* this.readArguments(from, at + head.from, at + head.to)
    }
    this.open(from, at + head.from, at + head.to)
    out.json('{}', cursor.offset, cursor.offset)
    this.close()
    this.lastTo = cursor.offset
  }

  /** The cursor stands behind `✿ARGS✿`. */
  private *readArguments(from: number, nameFrom: number, nameTo: number): Read<void> {
    const { cursor, out } = this.reading
    if (from !== this.lastTo && nameFrom === from && typeof out.settings.toolChoice === 'object') {
      // The prompt already wrote the function's name.
      this.name = out.settings.toolChoice.name
    }
    this.open(from, nameFrom, nameTo)
    while (cursor.peek() === WAIT) yield
    if (this.isColon(cursor.peek())) cursor.at++
    if (yield* this.payload.read(this.name)) this.close()
    yield* this.readTail(cursor.offset, 'text after the arguments of a call')
  }

  private open(from: number, nameFrom: number, nameTo: number): void {
    const { out, evidence } = this.reading
    out.open({ name: this.name, nameFrom, nameTo, from, evidence })
  }

  private close(): void {
    const { cursor, out } = this.reading
    out.close('complete', cursor.offset, '')
    this.reading.lastCallTo = cursor.offset
  }

  /** Leaves out all text up to the next marker, a stop token or the end. */
  private *readTail(from: number, what: string): Read<void> {
    const { cursor } = this.reading
    let isText = from < cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    const start = cursor.offset
    for (;;) {
      const hit = yield* skipTo(cursor, this.marks)
      const to = cursor.offset
      const cut = hit !== undefined && cutMarkers.includes(hit) ? hit.length : 0
      cursor.at += cut
      isText ||= to > start
      if (cut > 0 && cursor.peek() >= 0) {
        isText = true
        continue
      }
      if (isText) this.dropped(from, to, what)
      if (cut > 0) this.cut(to)
      this.lastTo = cursor.offset
      return
    }
  }

  private dropped(from: number, to: number, what: string): void {
    if (to > from) this.reading.out.note('dropped-text', `${what} was left out`, from, to)
  }

  private *drop(from: number, what: string): Read<void> {
    const { cursor } = this.reading
    yield* skipTo(cursor, this.ends)
    this.dropped(from, cursor.offset, what)
  }

  private cut(from: number): void {
    this.reading.cut('the text ended inside a marker or header of a call', from)
  }
}
