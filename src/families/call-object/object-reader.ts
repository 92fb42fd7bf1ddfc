import { BROKEN_OFF } from '../../recovery/broken-off.js'
import { END, WAIT } from '../../text/cursor.js'
import type { FastPath, HoldBack, Read, Scanner } from '../../text/step.js'
import type { JsonValue } from '../../values/json/json.js'
import { specialIn } from '../../values/json/json-characters.js'
import type { JsonSink } from '../../values/json/json-sink.js'
import { JSON_CLOSERS, type JsonStart } from '../../values/json/json-states.js'
import { HeldValue } from './held-value.js'
import { PendingCall } from './pending-call.js'

/** `refuted`: plain data, and the object can be read on as such from `resume`. `damaged`: it cannot be read on. */
export type CallOutcome = 'done' | 'refuted' | 'damaged' | 'truncated'

/** Longer names and keys are read piece by piece; shorter ones are waited for. */
const SHORT_STRING = 66
const QUOTE = 0x22
const NONE: readonly number[] = []

/**
 * Reads an object in steps, each of which waits for the text that it needs. Not a generator, since a chunk that ends inside a
 * key or a name would wake all readers around it, one by one. (A turn of Llama's in tokens: 43 µs, and 36 in steps.)
 */
export abstract class ObjectReader extends PendingCall implements Scanner, HoldBack {
  /** How many of its braces are open: none once it was read. */
  depth = 1
  /** Why it cannot be read on, once that is so. */
  why = ''
  hopeless = false
  /** Where reading can go on as plain data, after `refuted`. */
  resume: JsonStart | undefined
  /** Why it cannot be delivered, though it was read to its end. */
  doubt = ''
  private outcome: CallOutcome | undefined
  /** The value that stands here: until it is read, no step is taken. */
  private value: JsonValue | undefined
  /** The closers of the value that cannot be read on. */
  private inner: readonly number[] = NONE
  /** A string that is read as a value, since it is long or not plain. */
  private text: HeldValue | undefined
  /** The text ends inside a string that is waited for, whatever it may be. */
  private waits = false;

  /** The cursor stands at `{`. Leaves it behind the object, or where reading stopped. */
  *read(): Read<CallOutcome> {
    if (!this.begin().scan()) yield this
    return this.result
  }

  /** Reads the brace. `scan` reads the rest. */
  begin(): this {
    this.reading.cursor.at++
    return this
  }

  /** What became of it, once `scan` was true. */
  get result(): CallOutcome {
    return this.outcome as CallOutcome
  }

  /** Reads on as far as the text has come, with the values in it. True when the object is over. */
  scan(): boolean {
    this.waits = false
    while (this.outcome === undefined) {
      if (this.value !== undefined) {
        if (!this.value.scan()) return false
        this.value = undefined
      }
      if (!this.step() && this.value === undefined) return false
    }
    return true
  }

  /** Reads what is next. False where it needs more text, or a value is to be read first. */
  protected abstract step: () => boolean

  get fastPath(): FastPath | undefined {
    return this.value?.fastPath
  }

  get holdBack(): HoldBack | undefined {
    return this.waits ? this : undefined
  }

  absorbs(text: string): boolean {
    const { window, at } = this.reading.cursor
    return window.length - at + text.length < SHORT_STRING && specialIn(text, 0, text.length, QUOTE) === text.length
  }

  /** Reads the value that stands here before the next step. */
  protected readFirst(sink: JsonSink, last: 'written' | 'left' = 'written'): void {
    this.value = this.reading.value.begin(sink, 'value', NONE, last)
  }

  /** Was the value read whole? If not, the object is broken. */
  protected isRead(): boolean | typeof WAIT {
    const { value } = this.reading
    if (value.done) return true
    if (value.bad && value.closable) {
      const boundary = this.atBoundary()
      if (boundary === WAIT) return WAIT
      if (boundary) {
        value.close()
        return true
      }
    }
    this.hopeless = value.hopeless
    this.inner = [...value.closers]
    this.broken(value.expected)
    return false
  }

  /**
   * Compares the string that stands here, as far as it has come, and answers as soon as it can be none of those allowed.
   * Reads nothing: it is at most as long as the longest of those.
   */
  protected begins(allowed: readonly string[] | ((start: string) => boolean)): boolean | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    const end = specialIn(window, at + 1, window.length, window.charCodeAt(at))
    const start = window.slice(at + 1, end)
    const allows = typeof allowed === 'function' ? allowed(start) : allowed.some((text) => text.startsWith(start))
    // No key, name or type that is allowed holds a control character.
    if (!allows) return false
    if (end === window.length) return ended || WAIT
    return window.charCodeAt(end) >= 32
  }

  /** A string was begun as a value: the checks before it are behind. */
  protected get inString(): boolean {
    return this.text !== undefined
  }

  /** A whole string, of either quote. Undefined if it cannot be read. */
  protected string(): string | undefined | typeof WAIT {
    const { cursor } = this.reading
    if (this.text !== undefined) return this.endString(this.text)
    const { window, at, ended } = cursor
    // Nearly always a plain string of a few characters: "name"
    const { length } = window
    const end = specialIn(window, at + 1, Math.min(length, at + SHORT_STRING), QUOTE)
    if (window.charCodeAt(at) === QUOTE) {
      if (end === length) {
        this.waits = !ended && end < at + SHORT_STRING
        if (this.waits) return WAIT
      } else if (window.charCodeAt(end) === QUOTE) {
        cursor.at = end + 1
        return window.slice(at + 1, end)
      }
    }
    this.text = new HeldValue()
    this.readFirst(this.text)
    this.reading.value.isName = true
    return WAIT
  }

  private endString(text: HeldValue): string | undefined {
    const { value } = this.reading
    this.text = undefined
    if (!value.done) {
      this.hopeless = value.hopeless
      return undefined
    }
    for (const repair of text.repairs) this.mend(...repair)
    return String(JSON.parse(text.toString()))
  }

  protected isQuote(code: number): boolean {
    return code === QUOTE || (code === 0x27 && (this.lenient || this.reading.format.objects === 'python'))
  }

  /**
   * Does a marker stand here that ends the object, whatever is open in it? Where it opens another call, this one may have been
   * broken off there.
   */
  protected atBoundary(): boolean | typeof WAIT {
    const { boundary, opensNext } = this.context
    const stands = boundary !== undefined && this.lenient && this.reading.stands(boundary)
    if (stands === true && opensNext?.()) this.doubt = BROKEN_OFF
    return stands
  }

  /** It is plain data, and can be read on as such. */
  protected refuted(resume: JsonStart | undefined): true {
    this.resume = resume
    return this.ends('refuted')
  }

  /** It cannot be read on: the text ended, or something else stands where `expected` should. */
  protected broken(expected: string): true {
    if (this.reading.cursor.peek() === END) return this.ends('truncated')
    this.why = this.reading.expected(expected)
    return this.ends('damaged')
  }

  protected ends(outcome: CallOutcome): true {
    this.outcome = outcome
    return true
  }

  /** The closers of the containers that are open, from the outside in: for reading on as plain data. */
  get closers(): number[] {
    return [...new Array<number>(this.depth).fill(JSON_CLOSERS.object), ...this.inner]
  }
}
