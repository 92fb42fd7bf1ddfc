import type { ParseEvent } from '../../event/event.js'
import { GrowingText } from '../../text/growing-text.js'
import { insideJson } from '../json/inside-json.js'
import type { RawSink } from './delimited-rules.js'
import { startsNullWord } from './typed.js'

/**
 * How a raw value becomes JSON: `text` streams as the string that it is, `nullable` does so once it cannot be a null word,
 * `whole` waits for its end, and `dropped` becomes nothing.
 */
export type RawMode = 'text' | 'nullable' | 'whole' | 'dropped'

/** Takes the JSON, up to its limit. */
export interface BoundedSink {
  readonly room: number
  json(text: string, from: number, to: number): void
  /** The same for a chunk that holds nothing else. Returns its events. */
  jsonChunk?(text: string, from: number, to: number): ParseEvent[]
}

/** Takes the raw text of one argument, and writes it as JSON as soon as its type is certain. */
export class RawArgument implements RawSink {
  private mode: RawMode = 'dropped'
  private readonly held = new GrowingText()
  /** Span of the raw text. */
  from = -1
  to = -1

  constructor(private readonly out: BoundedSink) {}

  begin(mode: RawMode): void {
    this.mode = mode
    this.held.clear()
    this.from = this.to = -1
  }

  /** The value is being written as a string, and only its closing quote is missing. */
  get isOpenString(): boolean {
    return this.mode === 'text'
  }

  /** The value, as it stands in the text. */
  get raw(): string {
    return this.held.toString()
  }

  get streams(): boolean {
    return this.mode === 'text' && this.out.jsonChunk !== undefined
  }

  chunk(piece: string, isEscaped: boolean, from: number): ParseEvent[] | undefined {
    const json = isEscaped ? insideJson(piece) : piece
    if (json.length >= this.out.room) return undefined
    const to = from + piece.length
    this.to = to
    this.held.add(piece)
    return this.out.jsonChunk?.(json, from, to)
  }

  text(piece: string, from: number): void {
    if (this.from < 0) this.from = from
    this.to = from + piece.length
    if (this.mode === 'dropped') return
    if (this.mode === 'text') {
      writeInside(this.out, piece, from)
      // Text beyond the limit is never used.
      if (this.out.room > 0) this.held.add(piece)
      else this.held.clear()
      return
    }
    this.held.add(piece)
    if (this.mode === 'nullable' && !(this.held.length <= 4 && startsNullWord(this.raw))) {
      this.mode = 'text'
      this.out.json('"', this.from, this.from)
      writeInside(this.out, this.raw, this.from)
    }
  }
}

/** Writes text as part of a JSON string. */
export function writeInside(out: BoundedSink, piece: string, from: number): void {
  const json = insideJson(piece)
  if (json.length === piece.length || json.length <= out.room) {
    out.json(json, from, from + piece.length)
    return
  }
  // Where the limit cuts the text, only single characters show how much of the source fits.
  let at = from
  for (const character of piece) {
    out.json(insideJson(character), at, at + character.length)
    at += character.length
  }
}
