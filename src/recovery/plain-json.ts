import { MarkedText } from '../engine/marked-text.js'
import type { Reading } from '../engine/reading.js'
import type { Read, Scanner } from '../text/step.js'
import type { JsonValue } from '../values/json/json.js'
import type { JsonSink } from '../values/json/json-sink.js'
import type { JsonStart } from '../values/json/json-states.js'

/** What a reader of calls found to be plain data, and where reading it can go on. */
export interface PlainData {
  readonly resume: JsonStart | undefined
  /** The containers that are open, from the outside in. */
  readonly closers: readonly number[]
}

/**
 * What was read from `from` on is text; if it began plain data, the rest of that is text as well. A marker that begins at its
 * end is read again.
 */
export function* giveBack(reading: Reading, from: number, data?: PlainData): Read<void> {
  const { cursor, text } = reading
  const marked = new MarkedText(reading)
  const read = cursor.since(from)
  marked.add(read, from)
  const goesOn = data?.resume !== undefined && data.closers.length > 0
  const { pending } = marked
  // A bracket may open a call of its own, and what is nothing but the beginning of a marker was asked before.
  const isAgain = !goesOn && pending.length < read.length && !/^[[{]/.test(pending)
  if (isAgain) cursor.putBack(pending)
  else marked.end()
  const given = isAgain ? read.slice(0, read.length - pending.length) : read
  if (data === undefined) text.track(given)
  else text.trackPlain(given)
  if (goesOn) yield* readPlainJson(reading, data.resume, data.closers)
}

/**
 * Hands the rest of a JSON value on as content, as it stands: what stands inside plain data is no call. It ends where the
 * value ends, or where it turns out to be no JSON. A string cannot run over the end of its line: prose with a lone
 * quote would otherwise be read as one long string.
 */
function* readPlainJson(reading: Reading, start: JsonStart, closers: readonly number[]): Read<void> {
  const scanner = new PlainJson(reading, start, closers)
  while (!scanner.scan()) yield scanner
  scanner.end()
}

class PlainJson implements Scanner, JsonSink {
  private readonly text: MarkedText
  private readonly value: JsonValue
  /** Offset of the line break inside a string, or -1. */
  private brokenAt = -1

  constructor(
    private readonly reading: Reading,
    start: JsonStart,
    closers: readonly number[],
  ) {
    this.text = new MarkedText(reading)
    // Python's quotes are data as well.
    this.value = reading.newValue(true).begin(this, start, closers)
  }

  scan(): boolean {
    const { cursor } = this.reading
    const { at } = cursor
    const over = this.value.scan()
    if (this.brokenAt >= 0) cursor.at = this.brokenAt - cursor.base
    const piece = cursor.window.slice(at, cursor.at)
    const read = this.text.pending + piece
    this.text.add(piece, cursor.base + at)
    if (cursor.ended && cursor.isRead) this.text.end()
    this.reading.text.trackPlain(read.slice(0, read.length - this.text.pending.length))
    return over || this.brokenAt >= 0
  }

  /** What may be the beginning of a marker is no longer data: it is read again as text. */
  end(): void {
    this.reading.cursor.putBack(this.text.pending)
  }

  json(): void {}

  repair(kind: string, from: number): void {
    if (kind === 'control-character' && this.brokenAt < 0) this.brokenAt = from
  }

  bigInteger(): void {}
}
