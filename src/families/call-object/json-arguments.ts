import type { Reading } from '../../engine/reading.js'
import { beginsWrapped, unwrapArguments } from '../../fitting/wrapped-arguments.js'
import { BROKEN_OFF } from '../../recovery/broken-off.js'
import { isSpace } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import { Nested } from '../../text/nested.js'
import type { FastPath, HoldBack, Read, Scanner } from '../../text/step.js'
import { declaredOf } from '../../tools/declared.js'
import type { JsonValue } from '../../values/json/json.js'
import { HeldValue } from './held-value.js'

/** `over`: the text ended inside them. `damaged`: they cannot be read on from where the cursor stands. */
export type ArgumentsOutcome = 'done' | 'over' | 'damaged'

/**
 * Reads the JSON arguments of the call that is open, in steps, from the white space before them to behind their last
 * character. An object streams, and what is wrapped around it is taken off; a string that holds an object is unwrapped once;
 * `null` is `{}`. So is nothing before the end of the call, but of a tool whose schema has arguments they are missing.
 */
export class JsonArguments implements Scanner {
  /** What became of them, once `scan` was true. */
  outcome: ArgumentsOutcome = 'done'
  /** The object that is being read, and where it is held. */
  private object: JsonValue | undefined
  private held: HeldValue | undefined
  /** Reads what else may stand for arguments. */
  private aside: Nested<ArgumentsOutcome> | undefined

  /**
   * @param closes does the end of the call stand at the cursor (`WAIT` where the text ends in it)? There an object may lack its
   *   last closers
   * @param reader reads the object
   * @param opensNext does what `closes` found open another call? Then this one may have been broken off
   */
  constructor(
    private readonly reading: Reading,
    private readonly closes: () => boolean | typeof WAIT,
    private readonly reader = reading.value,
    private readonly opensNext = () => false,
  ) {}

  /** The next call is open. `scan` reads its arguments. */
  begin(): this {
    this.object = this.held = this.aside = undefined
    return this
  }

  /** The same, where nothing but an object counts. */
  *readObject(): Read<ArgumentsOutcome> {
    this.begin()
    while (!this.beginObject()) yield
    if (!this.scan()) yield this
    return this.outcome
  }

  /** How many brackets are open in them. */
  get depth(): number {
    return this.object?.depth ?? 0
  }

  get fastPath(): FastPath | undefined {
    return this.aside === undefined ? this.object?.fastPath : this.aside.fastPath
  }

  get holdBack(): HoldBack | undefined {
    return this.aside?.holdBack
  }

  scan(): boolean {
    if (this.aside !== undefined) return this.aside.scan() && this.ends(this.aside.result)
    if (this.object === undefined) {
      const code = this.reading.cursor.skipSpace()
      if (code === WAIT) return false
      if (code < 0) return this.ends('over')
      if (!this.reader.opens(code)) {
        this.aside = new Nested(this.readOther(code))
        return this.scan()
      }
      if (!this.beginObject()) return false
    }
    const object = this.object as unknown as JsonValue
    return (object.bad || object.scan()) && this.endObject(object)
  }

  private ends(outcome: ArgumentsOutcome): true {
    this.outcome = outcome
    return true
  }

  /** False while more text decides whether something is wrapped around the object: then it is held. */
  private beginObject(): boolean {
    const { cursor, out } = this.reading
    const wrapped = isWrapped(this.reading)
    if (wrapped === WAIT) return false
    if (wrapped) this.held = new HeldValue()
    this.object = this.reader.begin(this.held ?? out)
    // The call is announced, so its arguments are not given back, however long they are.
    if (!out.muted && !wrapped) cursor.pause()
    return true
  }

  private endObject(object: JsonValue): boolean {
    const { cursor, out } = this.reading
    const { held } = this
    cursor.resume()
    let outcome: ArgumentsOutcome = 'done'
    if (!object.done) {
      outcome = cursor.ended && cursor.peek() < 0 ? 'over' : 'damaged'
      if (outcome === 'damaged' && object.closable && out.settings.repair) {
        const closes = this.closes()
        if (closes === WAIT && !cursor.ended) return false
        if (closes === WAIT) outcome = this.cutInEnd()
        else if (closes) {
          if (this.opensNext()) out.refuse(BROKEN_OFF)
          object.close()
          outcome = 'done'
        }
      }
    }
    if (held === undefined) out.countKeys(object.keys)
    else {
      held.keys = object.keys
      this.giveHeld(held, outcome)
    }
    return this.ends(outcome)
  }

  /** The text ends in the end of the call, which is no text. */
  private cutInEnd(): ArgumentsOutcome {
    this.reading.cursor.at = this.reading.cursor.window.length
    return 'over'
  }

  private giveHeld(held: HeldValue, outcome: ArgumentsOutcome): void {
    const { cursor, out } = this.reading
    const unwrapped = outcome === 'done' ? unwrapArguments(held.toString(), out.tools, out.name) : undefined
    if (unwrapped !== undefined) {
      const before = cursor.since(held.from).slice(0, held.to - held.from)
      out.repair('wrapped-arguments', held.from, held.to, before, unwrapped.json)
    }
    held.giveTo(out, unwrapped?.json)
  }

  private *readOther(code: number): Read<ArgumentsOutcome> {
    const { cursor, out } = this.reading
    if (code === 0x22 || (code === 0x27 && out.settings.repair) || code === 0x6e || code === 0x4e)
      return yield* readHeld(this.reading)
    let closes: boolean | typeof WAIT
    while ((closes = this.closes()) === WAIT && !cursor.ended) yield
    if (closes === WAIT) return this.cutInEnd()
    if (!closes) return 'damaged'
    // The header announced arguments, and they never came. Without a schema nothing says that there are any.
    if ((declaredOf(out.tools, out.name)?.properties.size ?? 0) > 0)
      out.refuse('nothing stands where its arguments belong')
    out.json('{}', cursor.offset, cursor.offset)
    return 'done'
  }
}

/** Does one of the `ends` stand at the cursor, and no stop token: the end of a call? `WAIT` where the text ends in one. */
export function closedBy(reading: Reading, ends: Matcher<string>): () => boolean | typeof WAIT {
  return () => {
    const { window, at, ended } = reading.cursor
    const end = reading.at(ends)
    if (end === FENCE) return endsFence(reading.cursor)
    if (end === undefined && ended && at < window.length) return ends.at(window, at, false) && WAIT
    return end === WAIT ? WAIT : end !== undefined && !reading.format.stops.includes(end)
  }
}

const FENCE = '```'

/** Does nothing stand behind the fence on its line but a marker? It ends no object that goes on there: `{"a": 1```, "b": 2}` */
function endsFence({ window, at, ended }: Cursor): boolean | typeof WAIT {
  const next = at + FENCE.length
  if (next === window.length) return ended || WAIT
  return isSpace(window.charCodeAt(next)) || window.charAt(next) === '<'
}

/** Reads the arguments of one call, which one of the `ends` closes. */
export function* readArguments(reading: Reading, ends: Matcher<string>): Read<ArgumentsOutcome> {
  const reader = new JsonArguments(reading, closedBy(reading, ends)).begin()
  if (!reader.scan()) yield reader
  return reader.outcome
}

/** `{"arguments": {` in the place of arguments: held, since they may have to be unwrapped. */
function isWrapped({ cursor, out }: Reading): boolean | typeof WAIT {
  if (!out.settings.repair) return false
  const { window, at, ended } = cursor
  return beginsWrapped(window.slice(at, at + LONGEST_BEGINNING), out.tools, out.name) ?? (ended ? false : WAIT)
}

/** A wrapper shows within this many characters. */
const LONGEST_BEGINNING = 60

/** A string that holds an object, or `null`: which it is shows at its end only. */
export function* readHeld(reading: Reading): Read<ArgumentsOutcome> {
  const { cursor, out } = reading
  const held = new HeldValue()
  const value = reading.value.begin(held)
  while (!value.scan()) yield value
  if (!value.done) return cursor.ended && cursor.peek() < 0 ? 'over' : 'damaged'
  const isString = held.isString
  const inner = held.toString() === 'null' ? '{}' : held.inner
  if (inner === undefined) return 'damaged'
  if (isString) {
    out.note('string-arguments', 'the arguments were a JSON string; it was unwrapped once', held.from, held.to)
  }
  held.giveTo(out, inner)
  return 'done'
}
