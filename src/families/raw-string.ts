import type { Cursor } from '../cursor.js'
import type { Matcher } from '../matcher.js'
import type { Scanner } from '../reader.js'
import { isHighSurrogate } from '../scanner.js'
import type { JsonSink } from '../values/json.js'

const LONGEST_HEAD = 201

/** Hands text on verbatim, as the inside of a JSON string, up to one of the markers or the end of the text. */
export class RawString implements Scanner {
  /** The marker that stands at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: string | undefined
  /** The first characters, at least as many as a header can have. */
  head = ''

  constructor(
    private readonly cursor: Cursor,
    private readonly sink: JsonSink,
    private readonly ends: Matcher<string>,
  ) {}

  scan(): boolean {
    const { cursor, ends } = this
    const { window, at, base, ended } = cursor
    let to = ends.find(window, at, ended)
    this.hit = ends.hit
    if (this.hit === undefined && to > at && !ended && isHighSurrogate(window.charCodeAt(to - 1))) to--
    if (this.head.length < LONGEST_HEAD) this.head += window.slice(at, Math.min(to, at + LONGEST_HEAD))
    if (to > at) this.sink.json(JSON.stringify(window.slice(at, to)).slice(1, -1), base + at, base + to)
    cursor.at = to
    return this.hit !== undefined || ended
  }
}
