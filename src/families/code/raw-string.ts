import type { Policy } from '../../engine/policy.js'
import { textEnd } from '../../engine/scanner.js'
import type { Cursor } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Scanner } from '../../text/step.js'
import { insideJson } from '../../values/json/inside-json.js'
import type { JsonSink } from '../../values/json/json-sink.js'

const LONGEST_HEAD = 201

/** Hands text on verbatim, as the inside of a JSON string, up to one of the markers or the end of the text. */
export class RawString implements Scanner {
  /** The marker that stands at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: string | undefined
  /** The first characters, at least as many as a header can have. */
  head = ''

  constructor(
    private readonly cursor: Cursor,
    private readonly out: Policy,
    private readonly sink: JsonSink,
    private readonly ends: Matcher<string>,
  ) {}

  scan(): boolean {
    const { cursor, ends } = this
    const { window, at, base, ended } = cursor
    const to = textEnd(cursor, ends)
    this.hit = ends.hit
    if (this.head.length < LONGEST_HEAD) this.head += window.slice(at, Math.min(to, at + LONGEST_HEAD))
    if (to > at) this.write(window.slice(at, to), base + at)
    cursor.at = to
    return this.hit !== undefined || ended
  }

  /** The marker at the cursor is part of the text. */
  passHit(): void {
    const { cursor, hit = '' } = this
    this.write(hit, cursor.offset)
    cursor.at += hit.length
  }

  /** Near the limit of the arguments character by character, so that where they are cut does not depend on the chunks. */
  private write(text: string, from: number): void {
    const json = insideJson(text)
    if (json.length <= this.out.room) {
      this.sink.json(json, from, from + text.length)
      return
    }
    let at = from
    for (const char of text) {
      this.sink.json(insideJson(char), at, at + char.length)
      at += char.length
    }
  }
}
