import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { BROKEN_OFF } from '../../recovery/broken-off.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { noteExtraOfCall } from '../../recovery/extra-attributes.js'
import { mendPaddedName } from '../../recovery/padded-name.js'
import { leavesStringOpen } from '../../recovery/quoted-strings.js'
import { TagMarks } from '../../recovery/span-marks.js'
import { END, WAIT } from '../../text/cursor.js'
import { Nested } from '../../text/nested.js'
import { quote } from '../../text/quote.js'
import type { FastPath, HoldBack, Read, Scanner } from '../../text/step.js'
import { type Tag, tagOf } from '../../text/tag.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { ArgumentWriter } from '../../values/raw/argument-writer.js'
import { TagSkipper } from './tag-skipper.js'
import { readJsonBody } from './tagged-body.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { TaggedParameter } from './tagged-parameter.js'
import { TagsAhead } from './tags-ahead.js'
import { mendSpelling } from './token-spelling.js'

/**
 * What ended a call: its own close marker, or a tag that the cursor stands before (`closed`); the block's close marker,
 * which is read (`block closed`); nothing that could: the text or the model stopped, or it was damaged (`broken`).
 */
export type CallEnd = 'closed' | 'block closed' | 'broken'

/** How a call is announced. */
export interface TaggedHead {
  readonly from: number
  readonly evidence: Evidence
  /** What was mended before it. */
  readonly repairs: readonly Repair[]
  /** It is not certain that this is a call: it is given up at the first thing that is wrong with it. */
  readonly guarded: boolean
}

/** What is read next: what stands behind the call's tag, the next tag in it, or the value of the parameter that was opened. */
type Step = 'start' | 'tag' | 'value'

/**
 * Reads one call from its tag on. Tags and values are read in steps, each of which waits for the text that it needs; what is
 * rare (a body of JSON, a tag that is damaged or out of place) has a reader of its own, `aside`. (1,000 calls of
 * Qwen3-Coder, MiniMax or DSML in tokens: a generator for each tag and value takes an eighth more time.)
 *
 * One class in one file: whatever stands where a tag should be, whole, damaged or none, is decided by the same few facts
 * about the call so far (`damage`, `dropped`, `bounded`), which each step may change.
 */
export class TaggedCall implements Scanner {
  /** Offset behind the last call. */
  to = 0
  private readonly writer: ArgumentWriter
  private readonly parameter: TaggedParameter
  private name = ''
  /** Why the call cannot be complete, whatever follows; empty while nothing is wrong with it. */
  private damage = ''
  /** It is unclear where a value began: what opens behind it may be part of that. */
  private isDoubtful = false
  /** Text inside the call was left out. */
  private dropped = false
  private guarded = false
  /** The text that was left out last leaves a string open. */
  private opensString = false
  /** Something else than its close marker showed where a value or the call ends. */
  private bounded = false
  private readonly ahead: TagsAhead
  private step: Step = 'start'
  /** Reads what is rare. Meanwhile no step is taken. */
  private aside: Nested<CallEnd | 'open'> | undefined
  /** What ended the last call. */
  end: CallEnd = 'closed'

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags,
  ) {
    this.ahead = new TagsAhead(reading.cursor, tags)
    this.writer = new ArgumentWriter(reading.out)
    this.parameter = new TaggedParameter(reading, grammar, tags, this.writer)
  }

  /** The tool declares all of its keys, and none is missing. */
  get isFitting(): boolean {
    return !this.parameter.keys.isForeign && !this.parameter.keys.lacks
  }

  /** The cursor stands at the call's tag. */
  *read(tag: Tag, head: TaggedHead): Read<CallEnd> {
    if (!this.begin(tag, head).scan()) yield this
    return this.end
  }

  /** Reads the call's tag, at the cursor, and announces the call. `scan` reads the rest. */
  begin(tag: Tag, head: TaggedHead): this {
    const { cursor, out } = this.reading
    const at = cursor.offset
    this.name = this.nameIn(tag)
    this.dropped = this.bounded = this.isDoubtful = this.opensString = false
    this.guarded = head.guarded
    this.writer.begin()
    out.open({
      name: this.name,
      nameFrom: at + tag.nameFrom,
      nameTo: at + tag.nameTo,
      from: head.from,
      evidence: head.evidence,
    })
    this.parameter.beginCall(out.name)
    for (const { kind, from, to, before, after } of head.repairs) out.repair(kind, from, to, before, after)
    this.damage = noteExtraOfCall(this.reading, tag, out.name)
    this.damage ||= mendPaddedName(this.reading, tag)
    mendSpelling(this.reading, this.grammar.syntax, tag, this.grammar.syntax.call)
    cursor.at += tag.length
    this.step = 'start'
    this.aside = tag.selfClosing ? new Nested(this.selfClosed()) : undefined
    return this
  }

  /** Reads on as far as the text has come. True when the call is over. */
  scan(): boolean {
    for (;;) {
      const end = this.aside === undefined ? this.advance() : this.readAside(this.aside)
      if (end === WAIT) return false
      if (end === 'open') continue
      this.end = end
      return true
    }
  }

  get fastPath(): FastPath | undefined {
    return this.aside === undefined && this.step === 'value' ? this.parameter.fastPath : this.aside?.fastPath
  }

  get holdBack(): HoldBack | undefined {
    if (this.aside !== undefined) return this.aside.holdBack
    return this.step === 'value' ? this.parameter.holdBack : this.tags.holdBack
  }

  /** One step. */
  private advance(): CallEnd | 'open' | typeof WAIT {
    if (this.step === 'value') return this.parameter.scan() ? this.endValue() : WAIT
    const code = this.reading.cursor.skipSpace()
    if (code === WAIT) return WAIT
    if (this.step === 'start') return this.start(code)
    return code === END ? this.endOfText() : this.next()
  }

  private readAside(aside: Nested<CallEnd | 'open'>): CallEnd | 'open' | typeof WAIT {
    if (!aside.scan()) return WAIT
    this.aside = undefined
    return aside.result
  }

  private leaveTo(reader: Read<CallEnd | 'open'>): 'open' {
    this.aside = new Nested(reader)
    return 'open'
  }

  /** Behind the call's tag: parameters, or arguments as JSON. */
  private start(code: number): 'open' {
    this.step = 'tag'
    const isString = code === 0x22 && this.grammar.jsonBody === 'only'
    if (code === 0x7b || isString) return this.leaveTo(this.body('as it is'))
    return this.grammar.syntax.body === undefined ? 'open' : this.leaveTo(this.bodyElement())
  }

  /** A body of JSON in an element of its own, if one stands here. */
  private *bodyElement(): Read<CallEnd | 'open'> {
    const { cursor } = this.reading
    const body = yield* this.ahead.tag()
    if (body === undefined || body === 'cut' || body.kind !== 'body') return 'open'
    cursor.at += body.length
    while (cursor.skipSpace() === WAIT) yield
    return yield* this.body('in its element')
  }

  /** A tag that closes itself is the whole call, unless parameters follow. */
  private *selfClosed(): Read<CallEnd | 'open'> {
    const next = yield* this.behindSelfClosing()
    return next === 'arguments' ? 'open' : next === 'end' ? this.cut() : this.finish()
  }

  /**
   * What follows a self-closing tag. Where arguments follow, the slash is a mistake; where the text ends, or is cut in a tag
   * that opens something, it cannot be known.
   */
  private *behindSelfClosing(): Read<'arguments' | 'end' | 'other'> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const tag = yield* this.ahead.tag()
    if (code === END || (tag === 'cut' && cursor.window[cursor.at + 1] !== '/')) return 'end'
    const isParameter = typeof tag === 'object' && tag.kind === 'parameter'
    if (!isParameter && code !== 0x7b) {
      cursor.rewind(to)
      return 'other'
    }
    if (out.settings.repair) out.repair('misspelt-marker', to - 2, to, '/>', '>')
    else this.damage ||= 'its tag closes itself, and arguments follow'
    return 'arguments'
  }

  private nameIn({ name = '' }: Tag): string {
    const { tools } = this.reading.out
    const half = name.slice(0, (name.length - 1) / 2)
    const isDoubled = this.grammar.doubledNames === 'collapse' && name === `${half}.${half}`
    return isDoubled && tools.given && tools.has(half) && !tools.has(name) ? half : name
  }

  /** The next tag. */
  private next(): CallEnd | 'open' | typeof WAIT {
    const { cursor, stops } = this.reading
    const tag = this.ahead.now()
    if (tag === WAIT) return WAIT
    if (tag === 'cut') {
      if (this.tags.cut === 'call-end' && this.grammar.message !== undefined) return this.endOfText()
      cursor.at = cursor.window.length
      return this.cut()
    }
    if (tag === undefined) {
      const stop = this.reading.stands(stops)
      if (stop !== false) return stop === WAIT ? WAIT : this.cut()
    } else if (tag.kind === 'parameter' && !tag.broken) {
      this.parameter.begin(tag)
      this.step = 'value'
      return 'open'
    } else if (tag.kind === 'call-end' && !tag.broken) {
      mendSpelling(this.reading, this.grammar.syntax, tag, this.grammar.syntax.call)
      cursor.at += tag.length
      return this.finish()
    }
    return this.leaveTo(this.passOther(tag))
  }

  /** What stands where a parameter or the call's close marker should. */
  private *passOther(tag: Tag | undefined): Read<CallEnd | 'open'> {
    const { cursor } = this.reading
    const { syntax } = this.grammar
    const kind = tag?.kind
    if (tag === undefined || tag.broken || kind === 'other' || kind === 'other-end') {
      const near = yield* this.ahead.near()
      const end = near === undefined ? 'none' : yield* this.damaged(near)
      if (end !== 'none') return end
      if (this.guarded) return this.give('it holds something other than parameters')
      yield* this.skip()
      return 'open'
    }
    if (kind === 'parameter-end') {
      this.surplus(tag.length)
      return 'open'
    }
    if (kind === 'body' || kind === 'body-end') {
      if (this.guarded) return this.give('JSON stands among its parameters')
      cursor.at += tag.length
      this.damage ||= 'JSON stands among its parameters'
      yield* this.skip()
      return 'open'
    }
    if (kind === 'call' && tag.name === undefined && !this.dropped && !this.writer.isEmpty) {
      // `<｜DSML｜invoke>`: its slash is missing.
      const from = cursor.offset
      cursor.at += tag.length
      this.respell(from, cursor.since(from), syntax.call)
      return this.finish()
    }
    if (kind !== 'block-end' && (this.dropped || this.writer.isEmpty)) return yield* this.nested(tag)
    if (this.guarded) return this.give('it is not closed')
    if (kind !== 'block-end' && (this.isDoubtful || this.parameter.mayGoOn(cursor.offset))) {
      this.damage ||= 'a call opens where it is unclear whether a value has ended'
      return yield* this.pass('nest-anywhere')
    }
    // More than one closer is missing where another one begins.
    if (kind === 'block' || (kind !== 'block-end' && this.bounded)) this.damage ||= BROKEN_OFF
    this.bounded ||= kind !== 'block-end'
    this.mend(cursor.offset, syntax.call)
    return this.finish()
  }

  /** A call that is a whole message may end with the text, unless a parameter is known to be missing. */
  private endOfText(): CallEnd {
    const { message } = this.grammar
    const { cursor } = this.reading
    const isWhole = message !== undefined && cursor.reason === 'stop' && !this.parameter.keys.lacks
    return isWhole && (!this.writer.isEmpty || this.parameter.unwrapped || this.parameter.keys.takesNone)
      ? this.finish()
      : this.cut()
  }

  /** The value of a parameter, whose tag stands at the cursor. */
  private *value(tag: Tag): Read<CallEnd | 'open'> {
    this.parameter.begin(tag)
    if (!this.parameter.scan()) yield this.parameter
    return this.endValue()
  }

  /** A parameter is over, and the call may be. */
  private endValue(): CallEnd | 'open' {
    const { parameter } = this
    const { syntax } = this.grammar
    const { end, endFrom, endTo } = parameter
    this.step = 'tag'
    if (parameter.damage !== '') this.damage ||= parameter.damage
    if (parameter.key === undefined) {
      this.dropped = true
      this.damage ||= 'a parameter without a name was left out'
    }
    if (end === 'broken') return this.cut()
    if (parameter.isBounded) this.bounded = true
    if (end === 'open') return end
    if (end === 'block-end') this.mend(endFrom, syntax.parameter, syntax.call)
    else this.mend(endFrom, syntax.parameter)
    return this.finish(endTo, end === 'call-end' ? 'closed' : 'block closed')
  }

  /** Reads a damaged tag in the place of a whole one, if it can only mean one thing; `none` if it cannot be read. */
  private *damaged(near: NearTag): Read<CallEnd | 'open' | 'none'> {
    const { cursor, out } = this.reading
    const { syntax } = this.grammar
    const { kind, name, length } = near
    const from = cursor.offset
    const before = cursor.window.slice(cursor.at, cursor.at + length)
    if (near.isJunk) return 'none'
    if (name !== undefined) {
      // Without its bracket, the attributes run into the value.
      if (syntax.names === 'attribute' && !near.isClosed) return 'none'
      const isParameter = kind === 'parameter' && near.isOpen && this.parameter.keys.mayFollow(name)
      if (kind === 'call' || kind === 'block' || !(isParameter || this.parameter.keys.mayFollow(name, 'declared')))
        return 'none'
      if (out.settings.repair)
        out.repair('misspelt-marker', from, from + length, before, this.tags.openOf(syntax.parameter, name))
      else this.damage ||= `the tag of ${JSON.stringify(name)} is damaged`
      this.bounded = true
      // `Paris<arg_key></arg_value>unit</arg_key>`: what this tag lacks stands there.
      if (this.parameter.endsInTag) this.damage ||= `it is unclear where ${JSON.stringify(this.parameter.key)} ends`
      if (near.isDoubtful === true) {
        this.damage ||= `it is unclear where the value of ${JSON.stringify(name)} begins`
        this.isDoubtful = true
      }
      const end = yield* this.value(asTag(near, 'parameter'))
      // Beyond the limit nothing is kept of it.
      if (!near.isClosed && this.parameter.isEmpty && out.room > 0)
        this.damage ||= `the tag of ${JSON.stringify(name)} is cut, and no value follows`
      return end
    }
    if (kind === 'call') {
      cursor.at += length
      this.respell(from, before, syntax.call)
      return this.finish()
    }
    if (kind === undefined && near.isEnd && near.word === this.name) {
      cursor.at += length
      this.respell(from, before, syntax.call)
      return this.finish()
    }
    if (kind !== 'block' || this.guarded) return 'none'
    this.mend(from, syntax.call)
    return this.finish()
  }

  /** A call or a block opens where a parameter should: the call's own tag is repeated, or the call is damaged. */
  private *nested(tag: Tag): Read<CallEnd | 'open'> {
    const { cursor, out } = this.reading
    const from = cursor.offset
    const isAgain = tag.kind === 'call' && tag.name === this.name && !tag.selfClosing && !this.dropped
    if (isAgain && out.settings.repair) {
      cursor.at += tag.length
      out.repair('surplus-opener', from, cursor.offset, cursor.since(from), '')
      return 'open'
    }
    if (this.guarded) return this.give('it is not closed')
    this.damage ||= 'another call opens inside it'
    return yield* this.pass()
  }

  /** Skips the rest of a call that cannot be read. */
  private *pass(nesting?: 'nest-anywhere'): Read<CallEnd> {
    const marks = new TagMarks(this.tags, this.reading.stops)
    const isAnywhere = this.grammar.nesting === 'anywhere' || this.grammar.syntax.callMarks !== undefined
    const openers = nesting ?? (isAnywhere ? 'nest-anywhere' : 'nest')
    const span = new DamagedSpan(this.reading.cursor, marks, { openers, until: 'call-end' })
    const ending = yield* span.skip()
    if (ending === undefined || ending === 'stop') return this.cut()
    if (ending === 'call-end') span.readEnd()
    return this.finish()
  }

  /** A close marker that closes nothing stands at the cursor. */
  private surplus(length: number): void {
    const { cursor, out } = this.reading
    const from = cursor.offset
    const before = cursor.window.slice(cursor.at, cursor.at + length)
    cursor.at += length
    if (out.settings.repair && !this.dropped) out.repair('surplus-closer', from, cursor.offset, before, '')
    else this.damage ||= 'a close marker in it closes nothing'
  }

  /** A close marker is spelt in another way. */
  private respell(from: number, before: string, word: string): void {
    const { out } = this.reading
    // It may stand in place of an opener: then what follows is the value of an argument that is missing.
    if (this.parameter.keys.lacks) out.doubtRest()
    if (out.settings.repair) out.repair('missing-closer', from, from + before.length, before, this.tags.closeOf(word))
    else this.damage ||= 'it is not closed'
  }

  /** A JSON object instead of parameters, in the element of the format for it or without. */
  private *body(place: 'as it is' | 'in its element'): Read<CallEnd> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    const { syntax } = grammar
    const from = cursor.offset
    let isOpen = place === 'in its element'
    if (grammar.jsonBody === 'repair' && !isOpen) {
      if (out.settings.repair) out.repair('json-body', from, from, '', '')
      else this.damage = 'JSON stands where parameters should be'
    }
    if (!(yield* readJsonBody(reading, this.tags))) {
      const why = yield* reading.expectedNext('the rest of the JSON arguments')
      if (cursor.peek() < 0) return this.cut()
      this.damage = why
      if (this.guarded) return this.give(this.damage)
      // A string in it may hold a whole call, without a line break that would show it.
      return yield* this.pass('nest-anywhere')
    }
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === END) return this.cut()
      const tag = yield* this.tag()
      if (tag === 'cut' || tag === 'stop') return this.cut()
      if (tag?.kind === 'body-end' && isOpen) {
        isOpen = false
        cursor.at += tag.length
        continue
      }
      if (isOpen && tag !== undefined) this.mend(cursor.offset, syntax.body ?? '')
      isOpen = false
      if (tag?.kind === 'call-end') {
        cursor.at += tag.length
        return this.close(cursor.offset, 'closed')
      }
      if (this.guarded) return this.give('it is not closed')
      if (tag?.kind === 'block-end' || tag?.kind === 'block' || tag?.kind === 'call') {
        if (this.opensString) out.doubtRest()
        this.mend(cursor.offset, syntax.call)
        return this.close(cursor.offset, 'closed')
      }
      this.damage ||= 'text follows its arguments'
      if (tag !== undefined) cursor.at += tag.length
      yield* this.skip()
    }
  }

  /** Everything up to the next tag is left out. */
  private *skip(): Read<void> {
    const { cursor, out } = this.reading
    const from = cursor.offset
    const skipper = new TagSkipper(this.reading, this.tags)
    if (!skipper.scan()) yield skipper
    if (cursor.offset === from) return
    this.dropped = true
    this.opensString = leavesStringOpen(cursor.since(from))
    this.damage ||= 'it holds text that belongs to no parameter'
    out.note(
      'dropped-text',
      `text in the call of ${JSON.stringify(this.name)} that belongs to no parameter was left out`,
      from,
      cursor.offset,
    )
    out.fail('malformed')
  }

  /** The tag at the cursor, or the stop token there. What the end of the text cuts is passed over. */
  private *tag(): Read<Tag | 'cut' | 'stop' | undefined> {
    const { cursor, stops } = this.reading
    const tag = yield* this.ahead.tag()
    if (tag === 'cut') cursor.at = cursor.window.length
    if (tag !== undefined) return tag
    const stop = yield* this.reading.marker(stops)
    return stop === undefined ? undefined : 'stop'
  }

  /** Close markers are missing at an offset. */
  private mend(at: number, ...words: string[]): void {
    const { out } = this.reading
    if (!out.settings.repair) this.damage ||= 'it is not closed'
    else out.repair('missing-closer', at, at, '', words.map((word) => this.tags.closeOf(word)).join(''))
  }

  private finish(to = this.reading.cursor.offset, end: CallEnd = 'closed'): CallEnd {
    const { parameter } = this
    if ((parameter.isDoubtful || this.bounded) && parameter.keys.lacks) {
      this.damage ||= 'it lacks a required parameter, and it is unclear where its values end'
    }
    if (parameter.partedKey !== '' && parameter.keys.missing.length > 0)
      this.damage ||= `${quote(parameter.partedKey)} may hold another argument, whose opening tag is lost`
    // The tag announced an object, and none came.
    if (this.grammar.jsonBody === 'only' && this.writer.isEmpty && parameter.keys.areDeclared)
      this.damage ||= 'nothing stands where its arguments belong'
    if (this.dropped && this.writer.isEmpty && !this.parameter.unwrapped) this.damage ||= 'it holds no parameter'
    if (this.damage === '' && !this.parameter.unwrapped) this.writer.end(to)
    return this.close(to, end, this.parameter.unwrapped ? undefined : this.writer.values)
  }

  /** `values`: its arguments, where it is known what was written of them. */
  private close(to: number, end: CallEnd, values?: Record<string, unknown>): CallEnd {
    const { out } = this.reading
    out.close(this.damage === '' ? 'complete' : 'malformed', to, this.damage, values)
    this.to = to
    this.reading.lastCallTo = to
    return end
  }

  /** The text or the model stopped inside it. */
  private cut(): CallEnd {
    const { cursor, out } = this.reading
    const { escapedCloser } = this.parameter
    // All of it has come, so more tokens would not help. Where a value ends is not known: it may hold such markers itself.
    if (escapedCloser !== '' && cursor.reason === 'stop')
      out.close('malformed', cursor.offset, `its close markers are escaped as in JSON (${escapedCloser})`)
    else this.reading.closeCut()
    this.to = cursor.offset
    return 'broken'
  }

  private give(why: string): CallEnd {
    this.reading.out.close('malformed', this.reading.cursor.offset, why)
    this.to = this.reading.cursor.offset
    return 'broken'
  }
}

/** A damaged tag, read as the tag that was meant. */
export function asTag({ name, nameFrom, nameTo, value, length }: NearTag, kind: 'call' | 'parameter'): Tag {
  return tagOf(kind, length, { name, nameFrom, nameTo, value, loose: true })
}
