import { keysOf } from '../../engine/call-shape.js'
import { beginsWrapped } from '../../fitting/wrapped-arguments.js'
import { keyAhead } from '../../recovery/key-ahead.js'
import { holdsName, misspeltName } from '../../recovery/misspelt-name.js'
import { END, WAIT } from '../../text/cursor.js'
import { isStart } from '../../values/json/json-characters.js'
import { HeldValue, NOWHERE } from './held-value.js'
import { ObjectReader } from './object-reader.js'

/** The first key of an object, with what stands before it: it runs on a short text only. */
const LONGEST_KEY_START = 60
const KEY_START = /^\{\s{0,40}["'](\w{1,16})["']/

/** What calls hold under `type`, `index` and `id`. Another value there is not known to be of no use. */
const OF_CALLS = /^(?:"[^"]{0,80}"|\d{1,9}|null)$/

/** A name in the place of a colon is searched for this far. */
const LONGEST_NAME = 200

/**
 * Reads one call object, key by key, in any order. One class in one file: it is a state machine that goes on where the chunk
 * ended, and each of its steps names the next one.
 */
export class CallObject extends ObjectReader {
  /** The tool's name is unknown where only known ones are calls. */
  rejected = false
  /** Why its arguments cannot be taken, while all else of the object is read. */
  private unfit = ''
  /** The key that refuted the call, if one did: the cursor stands before its colon. */
  refutedBy: string | undefined

  protected step: () => boolean = this.nextMember
  /** Nothing was read behind the brace. */
  private first = true
  /** A key may stand here. */
  private separated = true
  /** Offset of a comma that nothing follows yet, or -1. */
  private comma = -1
  /** Of the member that is read: its key, where that begins, and where its value does. */
  private key = ''
  private keyFrom = 0
  private valueFrom = 0
  private keyTo = 0
  private keyQuote = 0
  /** The value that is read, of a member that is neither name nor arguments. */
  private beside: HeldValue | undefined
  private isKnown = false
  /** It is `null`, where arguments should be. */
  private isNull = false
  /** Offset behind the last closer. */
  private endTo = 0

  /** Between members: a key, a comma, or the brace that ends them. */
  private nextMember(): boolean {
    const { cursor } = this.reading
    const code = cursor.skipSpace()
    if (code === WAIT) return false
    const at = cursor.offset
    if (code === 0x7d) return this.closeBrace()
    if (code === 0x7b || code === 0x5d) {
      const isLeftOpen = this.isLeftOpen(code)
      if (isLeftOpen === WAIT) return false
      if (isLeftOpen) return this.closeMissing(this.comma < 0 ? at : this.comma)
    }
    if (this.separated) {
      if (this.first && code === 0x7b && this.isMarked && this.lenient) {
        // {{"name": ...}}: braces doubled by a template
        this.mend('surplus-brace', at, at + 1, '{', '')
        cursor.at++
        this.first = false
      } else {
        this.keyFrom = at
        this.step = this.readKey
      }
      return true
    }
    if (code === 0x2c) {
      this.comma = at
      cursor.at++
    } else if (code === 0x22 && this.isMarked && this.lenient) {
      this.mend('missing-comma', at, at, '', ',')
    } else {
      const boundary = code >= 0 && this.atBoundary()
      if (boundary === WAIT) return false
      return boundary ? this.closeMissing(at, true) : this.broken('`,` or `}`')
    }
    this.separated = true
    return true
  }

  private closeBrace(): boolean {
    const { cursor } = this.reading
    const { comma } = this
    if (comma >= 0) {
      if (!this.lenient) return this.broken('a key')
      this.mend('trailing-comma', comma, comma + 1, ',', '')
      this.comma = -1
    }
    cursor.at++
    this.first = this.separated = false
    if (--this.depth === 0) {
      this.endTo = cursor.offset
      this.step = this.end
    }
    return true
  }

  private closeMissing(at: number, unclosed = false): boolean {
    this.mend('missing-closer', at, at, '', '}'.repeat(this.depth))
    this.depth = 0
    return this.finish(unclosed, this.doubt)
  }

  private memberOver(entered = false): boolean {
    this.comma = -1
    this.first = false
    // The value of the key is a nested object, whose members are the call's.
    this.separated = entered
    this.step = this.nextMember
    return true
  }

  /** The only keys that a call without a marker may have before its arguments. */
  private get keys(): readonly string[] | undefined {
    return this.argumentsKey === undefined && !this.opened ? this.context.keys : undefined
  }

  private readKey(): boolean {
    if (!this.inString) {
      const { keys } = this
      this.keyQuote = this.reading.cursor.peek()
      if (!this.isQuote(this.keyQuote)) return this.broken('a key')
      const begins = keys === undefined || this.begins(keys)
      if (begins !== true) return begins === false && this.refuted('key')
    }
    const key = this.string()
    if (key === WAIT) return false
    if (key === undefined) return this.broken('a key')
    this.key = key
    this.keyTo = this.reading.cursor.offset
    this.step = this.readColon
    return true
  }

  private readColon(): boolean {
    const { cursor } = this.reading
    const { key } = this
    const next = cursor.skipSpace()
    if (next === WAIT) return false
    if (next !== 0x3a) {
      const misspelt = this.readMisspeltName()
      if (misspelt !== undefined) return misspelt
      // If no value follows either, no repair can find out what was meant.
      this.hopeless ||= !isStart(next)
      return this.broken('`:`')
    }
    if (this.keys?.includes(key) === false || (this.first && key === this.context.envelope)) {
      this.refutedBy = key
      return this.refuted('after-key')
    }
    cursor.at++
    this.step = this.startValue
    return true
  }

  /** `{"name="f", ` can only mean one header. Undefined if this is no such header; false if more text decides. */
  private readMisspeltName(): boolean | undefined {
    const { cursor, out } = this.reading
    const { key, keyFrom, shape, context } = this
    if (!this.lenient || this.name !== undefined || !this.isMarked) return undefined
    const behind = cursor.window.slice(cursor.at, cursor.at + LONGEST_NAME)
    const found = misspeltName(key, shape.nameKeys, out.tools, behind, cursor.ended)
    if (found === WAIT) return false
    if (found === undefined || !context.accepts(found.name)) return undefined
    cursor.at += found.length
    this.name = found.name
    this.nameTo = cursor.offset - 1
    this.nameFrom = this.nameTo - found.name.length
    const after = `${JSON.stringify(shape.nameKeys[0])}: ${JSON.stringify(found.name)}`
    this.mend('misspelt-header', keyFrom, cursor.offset, cursor.since(keyFrom), after)
    this.announce(this.held !== undefined)
    return this.memberOver()
  }

  private startValue(): boolean {
    const { cursor } = this.reading
    const { shape, key } = this
    const code = cursor.skipSpace()
    if (code === WAIT) return false
    if (code === END) return this.ends('truncated')
    this.valueFrom = cursor.offset
    if (shape.nameIsKey === true) return this.startNamed()
    if (shape.argumentKeys.includes(key)) return this.startArguments(code)
    if (this.name === undefined) {
      if (shape.nameKeys.includes(key)) return this.goes(this.readName)
      if (shape.nested && key === 'function' && code === 0x7b) {
        cursor.at++
        this.depth++
        return this.memberOver(true)
      }
    }
    if (key === 'type' && this.keys) return this.goes(this.readType)
    const isId = shape.idKeys.includes(key)
    if (isId && code === 0x22) return this.goes(this.readId)
    this.isKnown = key === 'type' || key === 'index' || isId
    return this.passMember()
  }

  private goes(step: () => boolean): boolean {
    this.step = step
    return true
  }

  /** Leaves out the value that stands here. */
  private pass(): boolean {
    this.readFirst(NOWHERE)
    return this.goes(this.passValue)
  }

  /** Reads the value that stands here as that of a member beside the name. */
  private passMember(): boolean {
    this.beside = new HeldValue()
    this.readFirst(this.beside)
    return this.goes(this.passValue)
  }

  private addMember(value: HeldValue, known: boolean): void {
    const { key, keyFrom: from, keyTo, keyQuote } = this
    const written = keyQuote === 0x27 ? `'${key}'` : JSON.stringify(key)
    this.members.add({ key, written, from, keyTo, to: this.reading.cursor.offset, value, known })
  }

  private passValue(): boolean {
    const read = this.isRead()
    if (read === WAIT) return false
    if (read && this.beside !== undefined) {
      this.beside.keys = this.reading.value.keys
      this.addMember(this.beside, this.isKnown && OF_CALLS.test(this.beside.toString()))
    }
    this.beside = undefined
    if (this.isNull && read) this.blank ??= { from: this.valueFrom, to: this.reading.cursor.offset }
    this.isNull = false
    return read ? this.memberOver() : true
  }

  /** `"type": "function"`: any other type is plain data. */
  private readType(): boolean {
    if (!this.inString) {
      const begins = this.isQuote(this.reading.cursor.peek()) && this.begins(['function'])
      if (begins !== true) return begins === false && this.refuted('value')
    }
    const type = this.string()
    if (type === WAIT) return false
    if (type === 'function') return this.memberOver()
    return type === undefined ? this.broken('a type') : this.refuted('after-value')
  }

  private readId(): boolean {
    const id = this.string()
    if (id === WAIT) return false
    if (id === undefined) return this.broken('an id')
    const value = new HeldValue()
    value.json(JSON.stringify(id), this.valueFrom, this.reading.cursor.offset)
    this.addMember(value, true)
    if (id !== '') {
      this.nativeId = id
      this.reading.out.nativeId(id)
    }
    return this.memberOver()
  }

  private readName(): boolean {
    const { cursor } = this.reading
    const { acceptsStart } = this.context
    if (!this.inString) {
      if (!this.isQuote(cursor.peek())) {
        // No call, but it is read to its end: others may follow.
        return this.isMarked ? this.pass() : this.refuted('value')
      }
      const begins = acceptsStart === undefined || this.begins(acceptsStart)
      if (begins === WAIT) return false
      if (!begins) {
        const { window, at } = cursor
        this.rejected = !holdsName(window, at + 1, this.reading.out.tools)
        return this.refuted('value')
      }
    }
    const name = this.string()
    if (name === WAIT) return false
    if (name === undefined) return this.broken('a name')
    if (name === '') return this.isMarked ? this.memberOver() : this.refuted('after-value')
    this.takeName(name, this.valueFrom + 1, cursor.offset - 1)
    return this.rejected || this.memberOver()
  }

  /** `{"f": {`: the key was the name. What a second key means is unknown. */
  private startNamed(): boolean {
    const { key, keyFrom, keyTo } = this
    if (this.name !== undefined || key === '') {
      if (this.opened) this.unfit = this.reading.expected('`}`', 'a second key')
      return this.broken('one name')
    }
    this.takeName(key, keyFrom + 1, keyTo - 1)
    if (this.rejected) return true
    this.key = this.shape.argumentKeys[0] as string
    return this.goes(this.startArguments)
  }

  private takeName(name: string, from: number, to: number): void {
    this.name = name
    this.nameFrom = from
    this.nameTo = to
    if (!this.context.accepts(name)) {
      this.rejected = true
      this.refuted('after-value')
    } else this.announce(this.held !== undefined)
  }

  private startArguments(code = this.reading.cursor.peek()): boolean {
    const { cursor, out } = this.reading
    const { key, argumentsKey: before } = this
    const { argumentKeys, nativeKey = argumentKeys[0] } = this.shape
    // null, None: as if they were not there
    if (code === 0x6e || code === 0x4e) {
      this.isNull = true
      return this.pass()
    }
    if (before !== undefined) {
      // Whether it says the same as the arguments that came before is seen once both are read.
      this.isKnown = false
      return this.passMember()
    }
    const isObject = code === 0x7b
    if (!isObject && code !== 0x22 && code !== 0x27) {
      if (!this.isMarked && !this.opened) return this.refuted('value')
      this.unfit = this.reading.expected('an object of arguments', 'another value')
      return this.pass()
    }
    if (isObject) this.announce(true)
    if (isObject && this.opened && (key === nativeKey || key === argumentKeys[0])) {
      const wrapped = this.beginsWrapped()
      if (wrapped === WAIT) return false
      this.argumentsKey = key
      if (!wrapped) {
        this.live = true
        // Announced: they will not be given back.
        if (!out.muted) cursor.pause()
        this.readFirst(out, 'left')
        return this.goes(this.endStreamed)
      }
    }
    this.argumentsKey = key
    this.held = new HeldValue()
    this.readFirst(this.held)
    return this.goes(this.endHeld)
  }

  /** `{"arguments": {` in the place of arguments: held, since they may have to be unwrapped. */
  private beginsWrapped(): boolean | typeof WAIT {
    const { cursor, out } = this.reading
    if (!this.lenient) return false
    const { window, at, ended } = cursor
    return beginsWrapped(window.slice(at, at + LONGEST_KEY_START), out.tools, this.name ?? '') ?? (ended ? false : WAIT)
  }

  private endStreamed(): boolean {
    const read = this.isRead()
    if (read === WAIT) return false
    this.reading.cursor.resume()
    const { lastFrom: from, lastTo: to, keys } = this.reading.value
    if (read) {
      this.closer = { from, to }
      this.reading.out.countKeys(keys)
    }
    return read ? this.memberOver() : true
  }

  private endHeld(): boolean {
    const read = this.isRead()
    if (read !== true) return read === false
    const { held, shape } = this
    if (held !== undefined) held.keys = this.reading.value.keys
    if (held?.isString && held.inner === undefined) {
      if (!this.isMarked && !this.opened) return this.refuted('after-value')
      this.unfit = this.reading.expected('arguments that are an object', 'a plain string')
      this.held = undefined
      return this.memberOver()
    }
    if (this.opened && this.key === shape.argumentKeys[0]) this.giveHeld()
    this.announce(true)
    return this.memberOver()
  }

  /**
   * A whole call without its last brace, where the next one of the block begins or its list ends:
   * `{"name": "f", "arguments": {}, {"name": …`
   */
  private isLeftOpen(code: number): boolean | typeof WAIT {
    const { listed, keys } = this.context
    if (!this.isMarked || !this.lenient || this.name === undefined || this.argumentsKey === undefined) return false
    if (code === 0x5d) return listed === true
    const allowed = keys ?? keysOf(this.shape)
    const { window, at, ended } = this.reading.cursor
    const start = KEY_START.exec(window.slice(at, at + LONGEST_KEY_START))
    if (start !== null) return allowed.includes(start[1] as string)
    return ended || window.length - at >= LONGEST_KEY_START ? false : WAIT
  }

  /**
   * Behind the brace that closes the object, surplus closers belong to it. If an unknown member came before, a surplus closer
   * shows that the arguments were closed too early: `"arguments": {"a": 1}, "b": 2}}`
   */
  private end(): boolean {
    const { cursor } = this.reading
    while (this.isMarked && this.lenient) {
      const code = cursor.skipSpace()
      if (code === WAIT) return false
      if (code !== 0x7d && (code !== 0x5d || this.context.listed)) break
      const at = cursor.offset
      cursor.at++
      this.endTo = at + 1
      this.mend('surplus-closer', at, at + 1, cursor.since(at), '')
      this.isOverclosed = true
    }
    const goesOn = this.goesOn()
    if (goesOn === WAIT) return false
    cursor.rewind(this.endTo)
    return this.finish(false, goesOn ? 'it goes on after its closing brace' : '')
  }

  /**
   * Behind the brace, a key, or a brace that nothing may mend: it was closed too early.
   * `{"name": "f"}, "arguments": {…}}`
   */
  private goesOn(): boolean | typeof WAIT {
    const { cursor } = this.reading
    const code = cursor.skipSpace()
    if (code === WAIT) return WAIT
    // In a list, what has its arguments is whole: the next call lost its brace.
    const isWhole = this.context.listed === true && this.argumentsKey !== undefined
    if (code !== 0x2c && !this.isQuote(code)) return code === 0x7d && this.isMarked && !this.lenient && !isWhole
    const key = keyAhead(cursor)
    if (key === undefined || key === WAIT) return key === WAIT && WAIT
    // Which key was begun cannot be seen any more. A comma alone says nothing.
    if (key === '') return this.isMarked && (!isWhole || /["']/.test(cursor.window.slice(cursor.at)))
    return !isWhole || !this.beginsCall(key)
  }

  /** May a key be the first of a call? */
  private beginsCall(key: string): boolean {
    const { tools } = this.reading.out
    return this.shape.nameIsKey === true ? !tools.given || tools.has(key) : keysOf(this.shape).includes(key)
  }

  /** Ends the object. `damage`: why it cannot be delivered, though it was read to its end. */
  private finish(unclosed = false, damage = ''): true {
    if (this.name === undefined && !this.findOtherName() && !this.findSwallowedName(unclosed)) {
      if (!this.isMarked) return this.refuted(undefined)
      this.why = this.reading.expected('a name', 'none')
      return this.ends('damaged')
    }
    if (this.unfit !== '') {
      this.why = this.unfit
      return this.ends('damaged')
    }
    if (this.isMarked || this.opened) {
      if (!this.context.waits) this.deliver(undefined, undefined, damage)
      return this.ends('done')
    }
    return damage === '' && this.argumentsKey !== undefined ? this.ends('done') : this.refuted('after-value')
  }
}
