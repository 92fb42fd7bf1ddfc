import { WAIT } from '../cursor.js'
import type { Evidence, Repair } from '../event.js'
import type { Matcher } from '../matcher.js'
import type { Read, Reading } from '../reader.js'
import { JSON_CLOSERS, type JsonSink, type JsonStart, type JsonValue } from '../values/json.js'
import { HeldValue } from './held-value.js'

/** The keys of a call object: `{"name": ..., "arguments": {...}}`. */
export interface CallShape {
  readonly nameKeys: readonly string[]
  /** In order of precedence, where an object has several. */
  readonly argumentKeys: readonly string[]
  /** The key that the format's own models write: its value streams. Default: the first of `argumentKeys`. */
  readonly nativeKey?: string
  readonly idKeys: readonly string[]
  /** `{"type": "function", "function": {...}}` is accepted. */
  readonly nested: boolean
}

export const CALL_SHAPE: CallShape = {
  nameKeys: ['name'],
  argumentKeys: ['arguments', 'parameters'],
  idKeys: ['id'],
  nested: true,
}

/**
 * When a call is announced: `name` behind a marker, as soon as its name is read; `arguments` without one, once the object
 * has shown the whole shape of a call; `end` when its surroundings decide, by `deliver`.
 */
export type Commit = 'name' | 'arguments' | 'end'

/** `refuted`: plain data, and the object can be read on as such from `resume`. `damaged`: it cannot be read on. */
export type CallOutcome = 'done' | 'refuted' | 'damaged' | 'truncated'

export interface CallContext {
  readonly commit: Commit
  /** Where the call begins, with its marker. */
  readonly from: number
  /** Markers that end the span: what is open when one stands there was left unclosed. */
  readonly boundary: Matcher<string> | undefined
  /** May a call of this name stand here? Asked before it is announced. */
  readonly accepts: (name: string) => boolean
  /** Does a name that is accepted begin like this? Where it is given, other names are refuted before they are whole. */
  readonly acceptsStart?: (prefix: string) => boolean
  /** What the call stands behind. Default: a marker where the name commits, else none. */
  readonly evidence?: Evidence
  /** What was mended before the object. */
  readonly repairs?: readonly Repair[]
  /** A first key that refutes the call and that its reader knows what to do with: `tool_calls`. */
  readonly envelope?: string | undefined
}

const NOTHING: JsonSink = { json() {}, repair() {}, bigInteger() {} }

/** Reads one call object, key by key, in any order. */
export class CallObject {
  name: string | undefined
  private nameFrom = 0
  private nameTo = 0
  private nativeId: string | undefined
  private argumentsKey: string | undefined
  private held: HeldValue | undefined
  private heldString = false
  private live = false
  private depth = 1
  /** Offset of a comma that nothing follows yet, or -1. */
  private comma = -1
  /** Its last braces are missing. */
  private unclosed = false
  /** Repairs made before the call was announced. */
  private readonly early: Repair[] = []
  opened = false
  /** The tool's name is unknown where only known ones are calls. */
  rejected = false
  hopeless = false
  /** Why it cannot be read on, once that is so. */
  why = ''
  /** Where reading can go on as plain data, after `refuted`. */
  resume: JsonStart | undefined
  /** The reading was refuted by `envelope`: the cursor stands before its colon. */
  enveloped = false
  /** Its own brace was read. */
  finished = false
  /** What is read, or was read, as the value of its arguments before it was announced. */
  private begun: HeldValue | undefined
  private members = 0

  constructor(
    private readonly r: Reading,
    private readonly shape: CallShape,
    private readonly context: CallContext,
  ) {
    this.early.push(...(context.repairs ?? []))
  }

  /** The cursor stands at `{`. Leaves it behind the object, or where reading stopped. */
  *read(): Read<CallOutcome> {
    const { cursor } = this.r
    cursor.at++
    for (let first = true; ; first = false) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === 0x7d) {
        // } here closes an empty object, or follows a trailing comma
        if (this.comma >= 0) {
          if (!this.lenient) return this.broken('a key')
          this.mend('trailing-comma', this.comma, this.comma + 1, ',', '')
        }
        cursor.at++
        const closed = this.closed()
        if (closed !== undefined) return closed
      } else {
        if (first && code === 0x7b && this.context.commit === 'name' && this.lenient) {
          // {{"name": ...}}: braces doubled by a template
          this.mend('surplus-brace', cursor.offset, cursor.offset + 1, '{', '')
          cursor.at++
          continue
        }
        const outcome = yield* this.member(code)
        if (outcome !== undefined) return outcome
      }
      const next = yield* this.separator()
      if (next !== undefined) return next
    }
  }

  /** One `"key": value`. Undefined to go on. */
  private *member(code: number): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    if (code !== 0x22 && !(code === 0x27 && this.lenient)) return this.broken('a key')
    if (this.isStrict && !(yield* this.begins((start) => this.allowsKey(start)))) {
      this.resume = 'key'
      return 'refuted'
    }
    const key = this.quickString() ?? (yield* this.string())
    if (key === undefined) return this.broken('a key')
    this.members++
    let colon: number
    while ((colon = cursor.skipSpace()) === WAIT) yield
    if (colon !== 0x3a) return this.broken('`:`')
    if (this.refutes(key)) {
      this.enveloped = key === this.context.envelope && this.members === 1
      this.resume = 'after-key'
      return 'refuted'
    }
    cursor.at++
    let value: number
    while ((value = cursor.skipSpace()) === WAIT) yield
    const { shape } = this
    if (shape.argumentKeys.includes(key)) return yield* this.readArguments(key, value)
    if (shape.nameKeys.includes(key) && this.name === undefined) return yield* this.readName(value)
    if (shape.nested && key === 'function' && value === 0x7b && this.name === undefined) {
      cursor.at++
      this.depth++
      return yield* this.inner()
    }
    if (key === 'type' && this.isStrict) return yield* this.readType(value)
    if (shape.idKeys.includes(key) && value === 0x22) {
      const id = yield* this.string()
      if (id === undefined) return this.broken('an id')
      this.nativeId = id
      if (this.opened) this.r.out.nativeId(id)
      return undefined
    }
    return yield* this.skip()
  }

  /** Directly behind the brace of a nested object: nothing to separate yet. */
  private *inner(): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === 0x7d) return undefined
    return yield* this.member(code)
  }

  /** After a member: undefined to read another. */
  private *separator(): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    this.comma = -1
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const at = cursor.offset
      if (code === 0x2c) {
        this.comma = at
        cursor.at++
        return undefined
      }
      if (code === 0x7d) {
        cursor.at++
        const closed = this.closed()
        if (closed !== undefined) return closed
        continue
      }
      if (code === 0x22 && this.lenient && this.context.commit === 'name') {
        this.mend('missing-comma', at, at, '', ',')
        return undefined
      }
      if (code >= 0 && (yield* this.atBoundary())) {
        this.mend('missing-closer', at, at, '', '}'.repeat(this.depth))
        this.unclosed = true
        return this.finish()
      }
      return this.broken('`,` or `}`')
    }
  }

  /** A `}` was read: of a nested object (undefined, go on), or of the call itself. */
  private closed(): CallOutcome | undefined {
    return --this.depth > 0 ? undefined : this.finish()
  }

  private mend(kind: string, from: number, to: number, before: string, after: string): void {
    if (this.opened) this.r.out.repair(kind, from, to, before, after)
    else this.early.push({ kind, from, to, before, after })
  }

  /** Nothing but the whole shape of a call will do: there is no marker, and its arguments have not come. */
  private get isStrict(): boolean {
    return this.context.commit !== 'name' && this.argumentsKey === undefined
  }

  /** Keys that a call without a marker cannot have before its arguments. */
  private refutes(key: string): boolean {
    return this.isStrict && !this.keys.includes(key)
  }

  private allowsKey(start: string): boolean {
    return this.keys.some((key) => key.startsWith(start)) || (this.context.envelope?.startsWith(start) ?? false)
  }

  private get keys(): readonly string[] {
    const { nameKeys, argumentKeys, idKeys, nested } = this.shape
    return [...nameKeys, ...argumentKeys, ...idKeys, 'type', ...(nested ? ['function'] : [])]
  }

  /**
   * Looks at the string that stands here, as far as it has come, and answers as soon as it can be none that is allowed.
   * Reads nothing: it is at most as long as the longest of those.
   */
  private *begins(allows: (start: string) => boolean): Read<boolean> {
    const { cursor } = this.r
    for (;;) {
      const { window, at, ended } = cursor
      const end = plainEnd(window, at + 1, window.length, window.charCodeAt(at))
      // No key, name or type that is allowed holds a control character.
      if (!allows(window.slice(at + 1, end)) || window.charCodeAt(end) < 32) return false
      if (end < window.length || ended) return true
      yield
    }
  }

  /** `"type": "function"`: any other type is plain data. */
  private *readType(code: number): Read<CallOutcome | undefined> {
    const isString = code === 0x22 || (code === 0x27 && this.lenient)
    if (!isString || !(yield* this.begins((start) => 'function'.startsWith(start)))) {
      this.resume = 'value'
      return 'refuted'
    }
    const type = yield* this.string()
    if (type === 'function') return undefined
    this.resume = 'after-value'
    return type === undefined ? this.broken('a type') : 'refuted'
  }

  private *readName(code: number): Read<CallOutcome | undefined> {
    const { cursor } = this.r
    const from = cursor.offset
    const { commit, acceptsStart = commit === 'name' ? undefined : isShort } = this.context
    const isString = code === 0x22 || (code === 0x27 && this.lenient)
    if (isString && acceptsStart !== undefined && !(yield* this.begins(acceptsStart))) {
      this.rejected = true
      this.resume = 'value'
      return 'refuted'
    }
    const name = isString ? (this.quickString() ?? (yield* this.string())) : undefined
    if (name === undefined || name === '') {
      this.resume = name === undefined ? 'value' : 'after-value'
      const plain = this.context.commit !== 'name' && (name === '' || cursor.offset === from)
      return plain ? 'refuted' : this.broken('a name', name === '' ? 'an empty one' : undefined)
    }
    this.name = name
    this.nameFrom = from + 1
    this.nameTo = cursor.offset - 1
    if (!this.context.accepts(name)) {
      this.rejected = true
      this.resume = 'after-value'
      return 'refuted'
    }
    if (this.context.commit === 'name') this.open()
    else if (this.context.commit === 'arguments' && this.held !== undefined) this.open()
    return undefined
  }

  /** Announces the call, with the arguments that came before its name. */
  private open(
    evidence: Evidence = this.context.evidence ?? (this.context.commit === 'name' ? 'marker' : 'bare'),
  ): void {
    const { out } = this.r
    const { name = '', nameFrom, nameTo, nativeId, context } = this
    const stands = this.r.evidence === 'marker' ? evidence : this.r.evidence
    out.open({ name, nameFrom, nameTo, nativeId, from: context.from, evidence: stands })
    this.opened = true
    if (this.held !== undefined && this.argumentsKey === this.shape.argumentKeys[0]) this.giveHeld()
  }

  private giveHeld(): void {
    const { out } = this.r
    const { held } = this
    if (held === undefined) return
    this.held = undefined
    this.live = true
    if (!this.heldString) {
      held.giveTo(out)
      return
    }
    const text: unknown = JSON.parse(held.toString())
    out.note('string-arguments', 'the arguments were a JSON string; it was unwrapped once', held.from, held.to)
    held.giveTo(out, String(text))
  }

  private *readArguments(key: string, code: number): Read<CallOutcome | undefined> {
    const { cursor, out, value } = this.r
    const { argumentKeys, nativeKey = argumentKeys[0] } = this.shape
    const from = cursor.offset
    const isNull = code === 0x6e || code === 0x4e
    const better =
      this.argumentsKey === undefined || argumentKeys.indexOf(key) < argumentKeys.indexOf(this.argumentsKey)
    if (!better || this.live || (isNull && this.argumentsKey !== undefined)) {
      if (!isNull)
        out.note('duplicate-argument', `${key} came beside ${this.argumentsKey} and was left out`, from, from)
      return yield* this.skip()
    }
    if (code !== 0x7b && code !== 0x22 && code !== 0x27 && !isNull) {
      this.resume = 'value'
      return this.isMarked ? this.broken('an object of arguments', 'another value') : 'refuted'
    }
    if (code === 0x7b && this.context.commit === 'arguments' && this.name !== undefined && !this.opened) this.open()
    if (code === 0x7b && this.opened && (key === nativeKey || key === argumentKeys[0])) {
      if (this.held !== undefined) {
        out.note(
          'duplicate-argument',
          `${this.argumentsKey} came beside ${key} and was left out`,
          this.held.from,
          this.held.to,
        )
        this.held = undefined
      }
      this.live = true
      this.argumentsKey = key
      // Announced: they will not be given back.
      if (!out.muted) cursor.pause()
      const outcome = yield* this.readValue(value.begin(out))
      cursor.resume()
      return outcome
    }
    const held = new HeldValue()
    this.begun = isNull ? undefined : held
    this.heldString = code !== 0x7b
    const outcome = yield* this.readValue(value.begin(held))
    if (outcome !== undefined) return outcome
    if (isNull) return undefined
    this.argumentsKey = key
    this.held = held
    if (this.heldString && !holdsObject(held.toString())) {
      this.resume = 'after-value'
      return this.isMarked ? this.broken('arguments that are an object', 'a plain string') : 'refuted'
    }
    if (this.opened && key === argumentKeys[0]) this.giveHeld()
    else if (this.context.commit === 'arguments' && this.name !== undefined && !this.opened) this.open()
    return undefined
  }

  /** Announced already, or to be announced by its name alone: it will not be plain data any more. */
  private get isMarked(): boolean {
    return this.context.commit === 'name' || this.opened
  }

  private *skip(): Read<CallOutcome | undefined> {
    return yield* this.readValue(this.r.value.begin(NOTHING))
  }

  private *readValue(value: JsonValue): Read<CallOutcome | undefined> {
    if (!value.scan()) yield value
    if (value.done) return undefined
    if (value.bad && value.closable && (yield* this.atBoundary())) {
      value.close()
      return undefined
    }
    this.hopeless = value.hopeless
    return this.broken(value.expected)
  }

  /** A plain string that lies whole in the window, within a few characters. Undefined, and nothing read, for others. */
  private quickString(): string | undefined {
    const { cursor } = this.r
    const { window, at } = cursor
    if (window.charCodeAt(at) !== 0x22) return undefined
    const end = plainEnd(window, at + 1, Math.min(window.length, at + LONGEST_QUICK), 0x22)
    if (window.charCodeAt(end) !== 0x22) return undefined
    cursor.at = end + 1
    return window.slice(at + 1, end)
  }

  /** A whole string, of either quote. Undefined if it cannot be read. */
  private *string(): Read<string | undefined> {
    const { cursor, value } = this.r
    // Nearly all are short and plain: those are waited for.
    while (!cursor.ended && cursor.window.length - cursor.at < LONGEST_QUICK) {
      const { window, at } = cursor
      if (window.charCodeAt(at) !== 0x22 || plainEnd(window, at + 1, window.length, 0x22) < window.length) break
      yield
    }
    const quick = this.quickString()
    if (quick !== undefined) return quick
    const held = new HeldValue()
    value.begin(held)
    if (!value.scan()) yield value
    if (!value.done) {
      this.hopeless = value.hopeless
      return undefined
    }
    for (const { kind, from, to, before, after } of held.repairs) this.mend(kind, from, to, before, after)
    return String(JSON.parse(held.toString()))
  }

  private *atBoundary(): Read<boolean> {
    const { boundary } = this.context
    if (boundary === undefined || !this.lenient) return false
    let marker: string | undefined | typeof WAIT
    while ((marker = this.r.at(boundary)) === WAIT) yield
    return marker !== undefined
  }

  /** The object is over. */
  private finish(): CallOutcome {
    this.finished = true
    if (this.name === undefined && !this.findSwallowedName()) {
      this.resume = undefined
      return this.context.commit === 'name' ? this.broken('a name', 'none') : 'refuted'
    }
    if (this.context.commit === 'name' || this.opened) {
      this.deliver()
      return 'done'
    }
    return this.argumentsKey === undefined || this.context.commit === 'arguments' ? 'refuted' : 'done'
  }

  /** Announces the call if that is still to do, and ends it as complete. */
  deliver(evidence?: Evidence, at = this.r.cursor.offset): void {
    const { out } = this.r
    if (!this.opened) this.open(evidence)
    for (const { kind, from, to, before, after } of this.early) out.repair(kind, from, to, before, after)
    this.giveHeld()
    if (!this.live) out.json('{}', at, at)
    out.close('complete', at, '')
    this.r.lastCallTo = at
  }

  /** The text ended in its arguments, or behind them. */
  get isCut(): boolean {
    return !this.opened && this.name !== undefined && this.begun !== undefined
  }

  /** Announces a call that was cut, with what came of its arguments. */
  deliverCut(): void {
    this.held = undefined
    this.open()
    if (!this.heldString) this.begun?.giveTo(this.r.out)
    this.r.closeCut()
  }

  /**
   * A brace is missing before the name, so that it stands last in the arguments:
   * `{"arguments": {"a": 1, "name": "f"}` and the end marker. Or the model was shown to put it there.
   */
  private findSwallowedName(): boolean {
    const { held } = this
    const { out } = this.r
    if (held === undefined || this.heldString || this.context.commit !== 'name' || !out.settings.repair) return false
    const found = swallowedName(held.toString())
    if (found === undefined) return false
    const known = found.name === 'code_interpreter' || (out.tools.given && out.tools.has(found.name))
    if (!(this.unclosed && found.last) && !known) return false
    held.repair(
      'swallowed-name',
      held.from,
      held.to,
      `"name": ${JSON.stringify(found.name)} in the arguments`,
      'the name of the call',
    )
    const moved = new HeldValue()
    moved.repairs.push(...held.repairs)
    moved.json(found.rest, held.from, held.to)
    this.held = moved
    this.name = found.name
    this.nameFrom = held.to
    this.nameTo = held.to
    return this.context.accepts(found.name)
  }

  private broken(expected: string, found?: string): CallOutcome {
    const { cursor } = this.r
    if (cursor.ended && cursor.peek() < 0) return 'truncated'
    this.why = this.r.expected(expected, found)
    return 'damaged'
  }

  /** The containers that are open, from the outside in: for reading on as plain data. */
  get closers(): number[] {
    return this.finished ? [] : new Array<number>(Math.max(0, this.depth)).fill(JSON_CLOSERS.object)
  }

  private get lenient(): boolean {
    return this.r.out.settings.repair
  }
}

/** Longer keys and names are read like any other value. */
const LONGEST_QUICK = 66

/** Without a marker, and without tools, no name is longer than this. */
const LONGEST_NAME = 256

function isShort(name: string): boolean {
  return name.length <= LONGEST_NAME
}

/** Index of what ends a plain string of this quote, or makes it none: its quote, a backslash, a control character. */
function plainEnd(window: string, from: number, to: number, quote: number): number {
  let i = from
  for (; i < to; i++) {
    const code = window.charCodeAt(i)
    if (code === quote || code === 0x5c || code < 32) break
  }
  return i
}

function holdsObject(jsonString: string): boolean {
  try {
    const text: unknown = JSON.parse(jsonString)
    if (typeof text !== 'string' || text.trimStart()[0] !== '{') return false
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

/** A `name` among the arguments: itself, the text of the arguments without it, and whether it came last. */
function swallowedName(json: string): { name: string; rest: string; last: boolean } | undefined {
  const members = JSON.parse(json) as Record<string, unknown>
  const { name } = members
  if (!Object.hasOwn(members, 'name') || typeof name !== 'string' || name === '') return undefined
  const keys = Object.keys(members)
  const rest = keys
    .filter((key) => key !== 'name')
    .map((key) => `${JSON.stringify(key)}: ${JSON.stringify(members[key])}`)
  return { name, rest: `{${rest.join(', ')}}`, last: keys[keys.length - 1] === 'name' }
}
