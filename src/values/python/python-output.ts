import type { ParseEvent } from '../../event/event.js'
import type { JsonSink } from '../json/json-sink.js'

/** Takes the JSON text of a value, and the comments that were left out of it. */
export interface PythonSink extends JsonSink {
  comment(from: number, text: string): void
  /** How many more characters it takes. Near that limit pieces come one by one, so that its place is known. */
  readonly room: number
  /** A chunk of a string may be handed on at once, by `jsonChunk`. */
  readonly streams?: boolean
}

/** No step of the reader adds more characters than this, except inside a string. */
const LONGEST_STEP = 4096
/** One character of a string may become this many in JSON: `\u0000`. */
const LONGEST_ESCAPE = 6

/**
 * The JSON text of a Python value. It is held back until its reader knows that the value is a literal, and whether a
 * parenthesis is a tuple or only groups.
 */
export class PythonOutput {
  private sink!: PythonSink
  private pieces: string[] = []
  /** The length of the pieces. */
  private held = 0
  /** Parentheses that may be tuples or not. */
  private undecided = 0
  private readonly bigIntegers: number[] = []
  /** Offsets in the source: behind what was handed on, and behind the last piece that was read. */
  private writtenTo = 0
  private emittedTo = 0
  /** The value is a literal, judging by its first leaf. */
  literal = false

  begin(sink: PythonSink, from: number): void {
    this.sink = sink
    this.pieces = []
    this.held = this.undecided = 0
    this.bigIntegers.length = 0
    this.literal = false
    this.writtenTo = this.emittedTo = from
  }

  /** `to`: the offset behind the source of the text. */
  emit(text: string, to: number): void {
    if (text === '') return
    this.emittedTo = to
    this.pieces.push(text)
    this.held += text.length
  }

  bigInteger(from: number, to: number): void {
    this.bigIntegers.push(from, to)
  }

  repair(...words: Parameters<JsonSink['repair']>): void {
    this.sink.repair(...words)
  }

  comment(from: number, text: string): void {
    // Hands on what was read before, so that the order of events does not depend on the chunks.
    this.flush()
    this.sink.comment(from, text)
  }

  /** A parenthesis opens: its place, for `decide`. */
  openParenthesis(to: number): number {
    // What was read before does not wait, whatever the chunks.
    this.flush()
    this.undecided++
    this.emit('[', to)
    return this.pieces.length - 1
  }

  /** Says what the parenthesis at this place is: a tuple `('a',)`, or one that only groups `('a')`. */
  decide(place: number, what: 'tuple' | 'group'): void {
    if (what === 'group') this.pieces[place] = ''
    this.undecided--
  }

  /** Is the limit so near that each step has to be handed on by itself? */
  get isNearLimit(): boolean {
    return this.sink.room - this.held < LONGEST_STEP
  }

  /** How many characters of a string fit, whatever they are. At least one, even if it exceeds the limit. */
  get stringRoom(): number {
    return Math.max(1, Math.floor((this.sink.room - this.held - LONGEST_STEP) / LONGEST_ESCAPE))
  }

  /** May a chunk of a string be handed on at once? */
  get streams(): boolean {
    return this.literal && this.undecided === 0 && this.pieces.length === 0 && this.sink.streams === true
  }

  /** Hands on a chunk of a string that holds nothing else. Returns its events, or undefined where the limit is near. */
  chunk(json: string, from: number, to: number): ParseEvent[] | undefined {
    if (this.isNearLimit || json.length > this.sink.room - LONGEST_STEP) return undefined
    const events = this.sink.jsonChunk?.(json, from, to)
    this.writtenTo = this.emittedTo = to
    return events
  }

  /** Hands on what is decided. */
  flush(): void {
    if (!this.literal || this.undecided > 0) return
    if (this.pieces.length > 0) {
      const text = this.pieces.length === 1 ? (this.pieces[0] as string) : this.pieces.join('')
      this.pieces = []
      this.held = 0
      this.sink.json(text, this.writtenTo, this.emittedTo)
      this.writtenTo = this.emittedTo
    }
    for (let i = 0; i < this.bigIntegers.length; i += 2) {
      this.sink.bigInteger(this.bigIntegers[i] as number, this.bigIntegers[i + 1] as number)
    }
    this.bigIntegers.length = 0
  }
}
