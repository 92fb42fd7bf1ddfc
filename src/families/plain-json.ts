import { MarkedText } from '../marked-text.js'
import type { Read, Reading, Scanner } from '../reader.js'
import { type JsonSink, type JsonStart, JsonValue } from '../values/json.js'

/**
 * Hands the rest of a JSON value on as content, as it stands: what stands inside plain data is no call. It ends where the
 * value ends, or where it turns out to be no JSON. A string that runs over the end of its line is none: prose with a lone
 * quote would otherwise be read as one long string.
 */
export function* readPlainJson(r: Reading, start: JsonStart, closers: readonly number[]): Read<void> {
  const scanner = new PlainJson(r, start, closers)
  while (!scanner.scan()) yield scanner
  scanner.text.end()
}

class PlainJson implements Scanner, JsonSink {
  readonly text: MarkedText
  private readonly value: JsonValue
  /** Offset of the line break inside a string, or -1. */
  private brokenAt = -1

  constructor(
    private readonly r: Reading,
    start: JsonStart,
    closers: readonly number[],
  ) {
    this.text = new MarkedText(r)
    // Python's quotes are data as well.
    this.value = new JsonValue(r.cursor, true, r.out.settings.depth).begin(this, start, closers)
  }

  scan(): boolean {
    const { cursor } = this.r
    const { at } = cursor
    const over = this.value.scan()
    if (this.brokenAt >= 0) cursor.at = this.brokenAt - cursor.base
    const piece = cursor.window.slice(at, cursor.at)
    this.r.text.look(piece)
    this.text.add(piece, cursor.base + at)
    return over || this.brokenAt >= 0
  }

  json(): void {}

  repair(kind: string, from: number): void {
    if (kind === 'control-character' && this.brokenAt < 0) this.brokenAt = from
  }

  bigInteger(): void {}
}
