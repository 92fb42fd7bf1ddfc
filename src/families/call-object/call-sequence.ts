import { type CallShape, isShort, keysOf } from '../../engine/call-shape.js'
import type { Reading } from '../../engine/reading.js'
import type { Evidence } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { JSON_CLOSERS, type JsonStart } from '../../values/json/json-states.js'
import { CallObject } from './call-object.js'
import { NOWHERE } from './held-value.js'
import type { CallOutcome } from './object-reader.js'
import type { Commit } from './pending-call.js'

/** How the calls of a sequence are read. */
export interface SequenceRules {
  readonly shape: CallShape
  /** When each call is announced. `end`: none, until `deliver`. */
  readonly commit: Commit
  readonly evidence: Evidence
  readonly accepts: (name: string) => boolean
  readonly acceptsStart?: (prefix: string) => boolean
  /** The only key of an object that holds a list of calls: `tool_calls`. */
  readonly envelope: string | undefined
  /** A name alone is a call without arguments. */
  readonly nameAlone?: boolean
  /** A marker that ends a call, whatever is open in it. */
  readonly boundary?: Matcher<string> | undefined
}

/** Reads call objects and lists of them, one after another, from text without markers. */
export class CallSequence {
  /** Calls that are whole and not delivered yet. */
  private readonly waiting: { call: CallObject; to: number }[] = []
  /** How many calls were whole. */
  count = 0
  /** Offset behind the last whole call, with its list. */
  to: number
  /** Offset from which on nothing was delivered. */
  undelivered: number
  /** The call that could not be read, if it was one. */
  failed: CallObject | undefined
  /** The containers that are open where it stopped, from the outside in, and how to read on in them. */
  closers: number[] = []
  resume: JsonStart | undefined
  /** It stopped inside a list. */
  isNested = false
  /** Offsets of surplus closers behind calls that wait. */
  private readonly surplus: number[] = []

  constructor(
    private readonly reading: Reading,
    private readonly rules: SequenceRules,
    readonly from: number,
  ) {
    this.to = from
    this.undelivered = from
  }

  /** Reads the object or list at the cursor. */
  item(): Read<CallOutcome> {
    this.failed = undefined
    return this.reading.cursor.peek() === 0x5b ? this.list() : this.object()
  }

  /** `}}}`: reads the closers behind an item that close nothing. `adjacent`: only those that no white space parts from it. */
  *passSurplus(adjacent: boolean): Read<void> {
    const { cursor, out } = this.reading
    if (!out.settings.repair) return
    for (;;) {
      const to = cursor.offset
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if ((code !== 0x7d && code !== 0x5d) || (adjacent && cursor.offset > to)) return cursor.rewind(to)
      this.surplus.push(cursor.offset)
      cursor.at++
      this.whole()
      if (this.rules.commit !== 'end') this.noteSurplus()
    }
  }

  private noteSurplus(): void {
    for (const at of this.surplus.splice(0)) this.reading.out.note('stray-marker', 'one closer too many', at, at + 1)
  }

  get commit(): Commit {
    return this.rules.commit
  }

  /** Do all calls that wait name tools that were given? Always, if none were. */
  get allKnown(): boolean {
    const { tools } = this.reading.out
    return !tools.given || this.waiting.every(({ call }) => tools.has(call.name ?? ''))
  }

  /** Delivers the calls that wait. */
  deliver(evidence: Evidence): void {
    for (const { call, to } of this.waiting) call.deliver(evidence, to)
    this.waiting.length = 0
    this.noteSurplus()
    this.undelivered = this.reading.lastCallTo = this.to
  }

  private *object(): Read<CallOutcome> {
    const { cursor } = this.reading
    const { shape, commit, accepts, acceptsStart = isShort, evidence } = this.rules
    const keys = this.reading.grammar.once(shape, () => keysOf(shape))
    const envelope = this.closers.length === 0 ? this.rules.envelope : undefined
    const call = new CallObject(this.reading, shape, {
      commit,
      from: this.to === this.from ? this.from : cursor.offset,
      boundary: this.rules.boundary,
      accepts,
      acceptsStart,
      evidence,
      keys: envelope === undefined ? keys : [...keys, envelope],
      envelope,
      listed: this.closers.length > 0,
    })
    if (!call.begin().scan()) yield call
    const outcome = call.result
    if (envelope !== undefined && call.refutedBy === envelope) return yield* this.enveloped()
    const isAlone = outcome === 'refuted' && this.rules.nameAlone && call.depth === 0 && call.name !== undefined
    if (outcome !== 'done' && !isAlone) {
      this.failed = call
      this.isNested = this.closers.length > 0
      this.resume = call.depth === 0 ? 'after-value' : call.resume
      this.closers.push(...call.closers)
      return outcome
    }
    this.count++
    if (isAlone) call.deliver(evidence)
    else if (commit === 'end') this.waiting.push({ call, to: cursor.offset })
    this.whole()
    return 'done'
  }

  /** `[{…}, {…}]` */
  private *list(): Read<CallOutcome> {
    const { cursor } = this.reading
    cursor.at++
    this.closers.push(JSON_CLOSERS.array)
    for (let first = true; ; first = false) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      let comma = false
      if (code === 0x2c && !first) {
        comma = true
        cursor.at++
        while ((code = cursor.skipSpace()) === WAIT) yield
      }
      if (code === 0x5d && !first) break
      if (code !== 0x7b) return this.stopped(code, first || comma ? 'value' : 'after-value')
      const outcome = yield* this.object()
      if (outcome !== 'done') return outcome
    }
    cursor.at++
    this.closers.pop()
    this.whole()
    return 'done'
  }

  /** `{"tool_calls": [{…}]}`, from the colon on. Other members behind the list are left out. */
  private *enveloped(): Read<CallOutcome> {
    const { cursor, out } = this.reading
    this.closers.push(JSON_CLOSERS.object)
    cursor.at++
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code !== 0x5b) return this.stopped(code, 'value')
    const outcome = yield* this.list()
    if (outcome !== 'done') return outcome
    while ((code = cursor.skipSpace()) === WAIT) yield
    const rest = cursor.offset
    const value = this.reading.newValue(out.settings.repair)
    value.begin(NOWHERE, 'after-value', this.closers)
    while (!value.scan()) yield value
    if (!value.done) return this.stopped(cursor.peek(), 'after-value')
    if (code !== 0x7d) out.note('dropped-text', 'text beside the list of calls was left out', rest, cursor.offset)
    this.closers.pop()
    this.whole()
    return 'done'
  }

  /** Something else than a call stands here. */
  private stopped(code: number, resume: JsonStart): CallOutcome {
    this.resume = resume
    this.isNested = true
    return code < 0 ? 'truncated' : 'refuted'
  }

  /** A call or a list of them is whole. */
  private whole(): void {
    this.to = this.reading.cursor.offset
    if (this.rules.commit !== 'end') this.undelivered = this.reading.lastCallTo = this.to
  }

  /** The call that could not be read was announced, and its rest was passed: the next may follow. */
  passed(): void {
    this.closers = []
    this.whole()
  }
}
