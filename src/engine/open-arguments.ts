import { GrowingText } from '../text/growing-text.js'
import { isObject } from '../tools/is-object.js'
import { objectIn } from '../values/json/parsed.js'

/** Big integers beyond this many in one call get no note. */
const MOST_BIG_INTEGERS = 256

/** What is known of the arguments of the call that is open. */
export class OpenArguments extends GrowingText {
  /** They are longer than `limits.argumentChars`: the rest of them is left out. */
  overLimit = false
  /** Where their text begins. */
  from = 0
  /** How many keys were read as JSON. `Infinity`: they were not counted. */
  keys = 0
  /** A repair moved, bounded or left out a part of them. */
  moved = false
  /** Nothing stands for them in the text. */
  areMade = false
  /** Offsets of the integers that are not exact as numbers: from, to, from, to. */
  readonly bigIntegers: number[] = []
  /** Keys without quotes that are no single words. */
  readonly oddKeys: string[] = []
  /** Where values stand that do not fit their schema and were kept as written: from, to, from, to. */
  readonly misfits: number[] = []
  /** Their value and the length of its text, where a reader parsed it as a whole. */
  private object: Record<string, unknown> | undefined
  private objectLength = -1

  /** The next call is open. One object for all calls, since small ones have little else. */
  begin(): void {
    this.clear()
    this.overLimit = this.moved = this.areMade = false
    this.from = this.keys = 0
    this.forgetBigIntegers()
    if (this.misfits.length > 0) this.misfits.length = 0
    if (this.oddKeys.length > 0) this.oddKeys.length = 0
    this.object = undefined
    this.objectLength = -1
  }

  forgetBigIntegers(): void {
    if (this.bigIntegers.length > 0) this.bigIntegers.length = 0
  }

  /** The text so far, and `missing` closers that are still to come, is this value, and so many characters long. */
  parsed(object: unknown, length: number, missing: 0 | 1): void {
    if (this.length + missing !== length) return
    this.object = isObject(object) ? object : undefined
    this.objectLength = length
  }

  bigInteger(from: number, to: number): void {
    if (this.bigIntegers.length < 2 * MOST_BIG_INTEGERS) this.bigIntegers.push(from, to)
  }

  /** The object that `text`, the whole of them, stands for; undefined if it is no JSON object. */
  read(text: string): Record<string, unknown> | undefined {
    // Parsing a second time would double the time that arguments take.
    if (this.object !== undefined && text.length === this.objectLength) return this.object
    return objectIn(text)
  }
}
