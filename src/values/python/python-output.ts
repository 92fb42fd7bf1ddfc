import type { JsonSink } from '../json/json-sink.js'

/** Where a value's JSON text goes, and what is said of the comments that were left out of it. */
export interface PythonSink extends JsonSink {
  comment(from: number, text: string): void
  /** How many more characters it takes. Near that limit each piece comes alone, so that one can tell where it was reached. */
  readonly room: number
}

/** No step of a reader but that through a string makes more characters. */
const LONGEST_STEP = 4096
/** One character of a string may take so many in JSON: `\u0000`. */
const LONGEST_ESCAPE = 6

/**
 * The JSON text of a Python value, held back until it is decided: whether it is a literal at all (its reader says so), and
 * whether a parenthesis only groups or is a tuple.
 */
export class PythonOutput {
  private sink!: PythonSink
  private pieces: string[] = []
  /** The length of the pieces. */
  private held = 0
  /** Parentheses that are not decided. */
  private undecided = 0
  private readonly bigIntegers: number[] = []
  /** Offsets in the source: up to which everything was handed on, and behind what the last piece was read from. */
  private writtenTo = 0
  private emittedTo = 0
  /** It is a literal, as far as one can tell by its first leaf. */
  literal = false

  begin(sink: PythonSink, from: number): void {
    this.sink = sink
    this.pieces = []
    this.held = this.undecided = 0
    this.bigIntegers.length = 0
    this.literal = false
    this.writtenTo = this.emittedTo = from
  }

  /** `to`: the offset behind what the text was read from. */
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
    // What was read before is handed on first, whatever chunks it came in.
    this.flush()
    this.sink.comment(from, text)
  }

  /** A parenthesis opens: its place, for `decide`. */
  openParenthesis(to: number): number {
    // What stands before it does not wait, in whatever chunks it came.
    this.flush()
    this.undecided++
    this.emit('[', to)
    return this.pieces.length - 1
  }

  /** The parenthesis at this place is a tuple, or only groups: `('a',)` or `('a')`. */
  decide(place: number, what: 'tuple' | 'group'): void {
    if (what === 'group') this.pieces[place] = ''
    this.undecided--
  }

  /** Is a limit so near that each step must be handed on alone? */
  get isNearLimit(): boolean {
    return this.sink.room - this.held < LONGEST_STEP
  }

  /** So many characters of a string fit, whatever they are. At least one, which may be over the limit. */
  get stringRoom(): number {
    return Math.max(1, Math.floor((this.sink.room - this.held - LONGEST_STEP) / LONGEST_ESCAPE))
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
