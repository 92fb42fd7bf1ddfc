import { MarkedText, writeMarked } from '../engine/marked-text.js'
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

/** What was read from `from` on is text; if it began plain data, the rest of that is text as well. */
export function* giveBack(reading: Reading, from: number, data?: PlainData): Read<void> {
  const given = reading.cursor.since(from)
  writeMarked(reading, given, from)
  if (data === undefined) reading.text.track(given)
  else reading.text.trackPlain(given)
  if (data?.resume !== undefined && data.closers.length > 0) yield* readPlainJson(reading, data.resume, data.closers)
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
