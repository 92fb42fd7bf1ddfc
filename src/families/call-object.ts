import { END, WAIT } from '../cursor.js'
import type { Read } from '../reader.js'
import { JSON_CLOSERS, type JsonStart, type JsonValue } from '../values/json.js'
import { isStart, specialIn } from '../values/json-characters.js'
import { keysOf } from './call-shape.js'
import { HeldValue, NOWHERE } from './held-value.js'
import { PendingCall } from './pending-call.js'

/** The first key of an object, with what stands before it: it runs on a short text only. */
const LONGEST_KEY_START = 60
const KEY_START = /^\{\s{0,40}["'](\w{1,16})["']/

/** `refuted`: plain data, and the object can be read on as such from `resume`. `damaged`: it cannot be read on. */
export type CallOutcome = 'done' | 'refuted' | 'damaged' | 'truncated'

/** Reads one call object, key by key, in any order. */
export class CallObject extends PendingCall {
  /** How many of its braces are open: none once it was read. */
  depth = 1
  /** The value of the last key is a nested object, whose members are the call's. */
  private entered = false
  /** The tool's name is unknown where only known ones are calls. */
  rejected = false
  hopeless = false
  /** The closers of the value that cannot be read on. */
  private inner: readonly number[] = []
  /** Why it cannot be read on, once that is so. */
  why = ''
  /** Why its arguments cannot be taken, while all else of the object is read. */
  private unfit = ''
  /** Where reading can go on as plain data, after `refuted`. */
  resume: JsonStart | undefined
  /** The key that refuted the call, if one did: the cursor stands before its colon. */
  refutedBy: string | undefined;

  /** The cursor stands at `{`. Leaves it behind the object, or where reading stopped. */
  *read(): Read<CallOutcome> {
    const { cursor } = this.r
    cursor.at++
    /** Offset of a comma that nothing follows yet, or -1. */
    let comma = -1
    let separated = true
    for (let first = true; ; first = false) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const at = cursor.offset
      if (code === 0x7d) {
        if (comma >= 0) {
          if (!this.lenient) return this.broken('a key')
          this.mend('trailing-comma', comma, comma + 1, ',', '')
          comma = -1
        }
        cursor.at++
        separated = false
        if (--this.depth === 0) return yield* this.end()
      } else if ((code === 0x7b || code === 0x5d) && (yield* this.isLeftOpen(code))) {
        const end = comma < 0 ? at : comma
        this.mend('missing-closer', end, end, '', '}'.repeat(this.depth))
        this.depth = 0
        return this.finish()
      } else if (separated) {
        if (first && code === 0x7b && this.isMarked && this.lenient) {
          // {{"name": ...}}: braces doubled by a template
          this.mend('surplus-brace', at, at + 1, '{', '')
          cursor.at++
        } else {
          const outcome = yield* this.member(code, first)
          if (outcome !== undefined) return outcome
          comma = -1
          separated = this.entered
          this.entered = false
        }
      } else if (code === 0x2c) {
        comma = at
        cursor.at++
        separated = true
      } else if (code === 0x22 && this.isMarked && this.lenient) {
        this.mend('missing-comma', at, at, '', ',')
        separated = true
      } else if (code >= 0 && (yield* this.atBoundary())) {
        this.mend('missing-closer', at, at, '', '}'.repeat(this.depth))
        this.depth = 0
        return this.finish(true)
      } else return this.broken('`,` or `}`')
    }
  }

  /** One `"key": value`. Undefined to go on. */
  private *member(code: number, first: boolean): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    const { shape } = this
    const from = cursor.offset
    // Keys that a call without a marker may have before its arguments: there nothing but the whole shape will do.
    const keys = this.argumentsKey === undefined && !this.opened ? this.context.keys : undefined
    if (!this.isQuote(code)) return this.broken('a key')
    if (keys && !(yield* this.begins((start) => keys.some((key) => key.startsWith(start))))) return this.refuted('key')
    const key = yield* this.string()
    if (key === undefined) return this.broken('a key')
    let next: number
    while ((next = cursor.skipSpace()) === WAIT) yield
    if (next !== 0x3a) {
      // Where no value follows either, no repair can know what was meant.
      this.hopeless ||= !isStart(next)
      return this.broken('`:`')
    }
    if (keys?.includes(key) === false || (first && key === this.context.envelope)) {
      this.refutedBy = key
      return this.refuted('after-key')
    }
    cursor.at++
    while ((next = cursor.skipSpace()) === WAIT) yield
    if (next === END) return 'truncated'
    if (shape.argumentKeys.includes(key)) return yield* this.readArguments(key, next)
    if (this.name === undefined) {
      if (shape.nameKeys.includes(key)) return yield* this.readName(next)
      if (shape.nested && key === 'function' && next === 0x7b) {
        cursor.at++
        this.depth++
        this.entered = true
        return undefined
      }
    }
    if (key === 'type' && keys) return yield* this.readType(next)
    if (shape.idKeys.includes(key) && next === 0x22) {
      const id = yield* this.string()
      if (id === undefined) return this.broken('an id')
      if (id === '') return undefined
      this.nativeId = id
      this.r.out.nativeId(id)
      return undefined
    }
    const isStray = key !== 'type' && !shape.idKeys.includes(key)
    const outcome = yield* this.skipValue()
    if (isStray) this.stray ??= { key, from, to: cursor.offset }
    return outcome
  }

  /**
   * Looks at the string that stands here, as far as it has come, and answers as soon as it can be none that is allowed.
   * Reads nothing: it is at most as long as the longest of those.
   */
  private *begins(allows: (start: string) => boolean): Read<boolean> {
    const { cursor } = this.r
    for (;;) {
      const { window, at, ended } = cursor
      const end = specialIn(window, at + 1, window.length, window.charCodeAt(at))
      // No key, name or type that is allowed holds a control character.
      if (!allows(window.slice(at + 1, end)) || window.charCodeAt(end) < 32) return false
      if (end < window.length || ended) return true
      yield
    }
  }

  /** `"type": "function"`: any other type is plain data. */
  private *readType(code: number): Read<CallOutcome | undefined> {
    if (!this.isQuote(code) || !(yield* this.begins((start) => 'function'.startsWith(start)))) {
      return this.refuted('value')
    }
    const type = yield* this.string()
    if (type === 'function') return undefined
    return type === undefined ? this.broken('a type') : this.refuted('after-value')
  }

  private *readName(code: number): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    const from = cursor.offset
    const { acceptsStart, accepts } = this.context
    const isString = this.isQuote(code)
    if (isString && acceptsStart && !(yield* this.begins(acceptsStart))) return this.refuted('value')
    const name = isString ? yield* this.string() : undefined
    if (!name) {
      if (isString && name === undefined) return this.broken('a name')
      if (!this.isMarked) return this.refuted(isString ? 'after-value' : 'value')
      // No call, but it is read to its end: others may follow.
      return isString ? undefined : yield* this.skipValue()
    }
    this.name = name
    this.nameFrom = from + 1
    this.nameTo = cursor.offset - 1
    if (!accepts(name)) {
      this.rejected = true
      return this.refuted('after-value')
    }
    this.announce(this.held !== undefined)
    return undefined
  }

  private *readArguments(key: string, code: number): Read<CallOutcome | undefined> {
    const { cursor, out, value } = this.r
    const { argumentKeys, nativeKey = argumentKeys[0] } = this.shape
    const from = cursor.offset
    const { argumentsKey: before } = this
    // null, None: as if they were not there
    if (code === 0x6e || code === 0x4e) return yield* this.skipValue()
    const isBetter = before === undefined || argumentKeys.indexOf(key) < argumentKeys.indexOf(before)
    if (!isBetter || this.live) {
      this.leftOut(key, before, from, from)
      return yield* this.skipValue()
    }
    const isObject = code === 0x7b
    if (!isObject && code !== 0x22 && code !== 0x27) {
      if (!this.isMarked && !this.opened) return this.refuted('value')
      this.unfit = this.r.expected('an object of arguments', 'another value')
      return yield* this.skipValue()
    }
    if (isObject) this.announce(true)
    this.argumentsKey = key
    if (this.held !== undefined) this.leftOut(before, key, this.held.from, this.held.to)
    this.held = undefined
    if (isObject && this.opened && (key === nativeKey || key === argumentKeys[0])) {
      this.live = true
      // Announced: they will not be given back.
      if (!out.muted) cursor.pause()
      const outcome = yield* this.readValue(value.begin(out))
      cursor.resume()
      return outcome
    }
    const held = new HeldValue()
    this.held = held
    const outcome = yield* this.readValue(value.begin(held))
    if (outcome !== undefined) return outcome
    if (held.isString && held.inner === undefined) {
      if (!this.isMarked && !this.opened) return this.refuted('after-value')
      this.unfit = this.r.expected('arguments that are an object', 'a plain string')
      this.held = undefined
      return undefined
    }
    if (this.opened && key === argumentKeys[0]) this.giveHeld()
    this.announce(true)
    return undefined
  }

  private skipValue(): Read<CallOutcome | undefined> {
    return this.readValue(this.r.value.begin(NOWHERE))
  }

  private *readValue(value: JsonValue): Read<CallOutcome | undefined> {
    while (!value.scan()) yield value
    if (value.done) return undefined
    if (value.bad && value.closable && (yield* this.atBoundary())) {
      value.close()
      return undefined
    }
    this.hopeless = value.hopeless
    this.inner = [...value.closers]
    return this.broken(value.expected)
  }

  /** A whole string, of either quote. Undefined if it cannot be read. */
  private *string(): Read<string | undefined> {
    const { cursor, value } = this.r
    const { window, at } = cursor
    // Nearly always a plain string that lies whole in the window, within a few characters: "name"
    const end = specialIn(window, at + 1, Math.min(window.length, at + 66), 0x22)
    if (window.charCodeAt(at) === 0x22 && window.charCodeAt(end) === 0x22) {
      cursor.at = end + 1
      return window.slice(at + 1, end)
    }
    const held = new HeldValue()
    value.begin(held)
    while (!value.scan()) yield value
    if (!value.done) {
      this.hopeless = value.hopeless
      return undefined
    }
    for (const repair of held.repairs) this.mend(...repair)
    return String(JSON.parse(held.toString()))
  }

  private *atBoundary(): Read<boolean> {
    const { boundary } = this.context
    return boundary !== undefined && this.lenient && (yield* this.r.marker(boundary)) !== undefined
  }

  /**
   * A whole call without its last brace, where the next one of the block begins or its list ends:
   * `{"name": "f", "arguments": {}, {"name": …`
   */
  private *isLeftOpen(code: number): Read<boolean> {
    const { listed, keys } = this.context
    if (!this.isMarked || !this.lenient || this.name === undefined || this.argumentsKey === undefined) return false
    if (code === 0x5d) return listed === true
    const allowed = keys ?? keysOf(this.shape)
    const { cursor } = this.r
    for (;;) {
      const { window, at, ended } = cursor
      const start = KEY_START.exec(window.slice(at, at + LONGEST_KEY_START))
      if (start !== null) return allowed.includes(start[1] as string)
      if (ended || window.length - at >= LONGEST_KEY_START) return false
      yield
    }
  }

  /**
   * Behind the brace that closes the object: closers too many belong to it. Behind a member that is none of a call's, one
   * shows that the arguments were closed too early: `"arguments": {"a": 1}, "b": 2}}`
   */
  private *end(): Read<CallOutcome> {
    const { cursor, out } = this.r
    let to = cursor.offset
    while (this.isMarked && this.lenient) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code !== 0x7d && (code !== 0x5d || this.context.listed)) break
      const at = cursor.offset
      cursor.at++
      to = at + 1
      this.mend('surplus-closer', at, to, cursor.since(at), '')
      if (this.stray) out.fail('malformed')
    }
    cursor.rewind(to)
    return this.finish()
  }

  /** The object is over. */
  private finish(unclosed = false): CallOutcome {
    if (this.name === undefined && !this.findSwallowedName(unclosed)) {
      if (!this.isMarked) return this.refuted(undefined)
      this.why = this.r.expected('a name', 'none')
      return 'damaged'
    }
    if (this.unfit !== '') {
      this.why = this.unfit
      return 'damaged'
    }
    if (this.isMarked || this.opened) {
      this.deliver()
      return 'done'
    }
    return this.argumentsKey === undefined ? 'refuted' : 'done'
  }

  /** It is plain data, and can be read on as such. */
  private refuted(resume: JsonStart | undefined): CallOutcome {
    this.resume = resume
    return 'refuted'
  }

  private broken(expected: string, found?: string): CallOutcome {
    if (this.r.cursor.peek() === END) return 'truncated'
    this.why = this.r.expected(expected, found)
    return 'damaged'
  }

  /** The closers of the containers that are open, from the outside in: for reading on as plain data. */
  get closers(): number[] {
    return [...new Array<number>(this.depth).fill(JSON_CLOSERS.object), ...this.inner]
  }

  private isQuote(code: number): boolean {
    return code === 0x22 || (code === 0x27 && this.lenient)
  }
}
