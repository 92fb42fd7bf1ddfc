import { WAIT } from '../cursor.js'
import type { Family, FamilyReader, Opener, Where } from '../format.js'
import { writeMarked } from '../marked-text.js'
import { Matcher } from '../matcher.js'
import type { Read, Reading } from '../reader.js'
import { CALL_SHAPE, type CallOutcome, type CallShape } from './call-object.js'
import { CallSequence } from './call-sequence.js'
import { DamagedJson } from './damaged-json.js'
import { readPlainJson } from './plain-json.js'

/** Where calls without a marker may stand if no tools were given. `behind-call`: at the start, or right behind a call. */
export type WhereWithoutTools = 'never' | 'text-start' | 'line-start' | 'behind-call'

/** Fences that hold nothing but calls. */
export interface CallFences {
  /** Info strings, in lower case; `''` for none. Default: any. */
  readonly labels?: readonly string[]
  /** `whole-text`: nothing but white space stands around the fence. */
  readonly where: 'anywhere' | 'whole-text'
  /** The same if no tools were given. */
  readonly withoutTools: 'never' | 'anywhere' | 'whole-text'
  /** `arguments`: a call streams once it shows its shape. `end`: the fence must hold nothing else. */
  readonly commit: 'arguments' | 'end'
}

/**
 * Calls as JSON objects with no marker: taken from the content only under strict rules. Each must be an object with a
 * string `name` (of a given tool, where tools are given) and arguments that are an object, and before those no key but
 * `type`, `id` and `function`. Whatever breaks a rule is content at once, byte for byte, and what stands inside such data
 * is no call either.
 */
export interface BareJsonGrammar {
  /** Where a call may begin. `text-start`: before any other text and any call. */
  readonly where: Where
  /** Where it may begin if no tools were given. Default `never`. */
  readonly withoutTools?: WhereWithoutTools
  /**
   * `arguments`: a call is one, and streams, once its name is known and its arguments begin. `end` (default): only if the
   * calls run to the end of the text, or to a close marker, so that nothing comes out before.
   */
  readonly commit?: 'arguments' | 'end'
  readonly shape?: CallShape
  /** `[{…}, {…}]` is read as well. Default false. */
  readonly lists?: boolean
  /**
   * Several objects or lists may follow one another, with white space and at most one of these characters in between:
   * `;,`. Default: a text has one.
   */
  readonly separators?: string
  /** A marker of the format that may stand between them: `<|python_tag|>`. A separator before it is left out. */
  readonly again?: string
  /** The key of an object that holds a list of calls: `tool_calls`. */
  readonly envelope?: string
  /** Close markers that prove a call at the start of the text whose open marker is missing, whatever its name. */
  readonly close?: readonly string[]
  /** Code fences that are calls. Default: none, and what stands in a fence is never a call. */
  readonly fences?: CallFences
}

/** The family of calls without a marker. Where another family reads lists (`[f(a=1)]`), both may stand in one format. */
export function bareJson(grammar: BareJsonGrammar): Family {
  const markers = grammar.lists === true ? ['{', '['] : ['{']
  return {
    openers: markers.map((marker) => ({ marker, bare: true })),
    create: (r) => new BareCalls(r, grammar),
  }
}

/** No list begins with more white space than this. */
const LONGEST_GAP = 200

/** Reads calls without a marker, and the calls that follow one. */
export class BareCalls implements FamilyReader {
  readonly expects = 'a call'
  private readonly close: Matcher<string>
  /** The offset of the last fence that was looked at, and whether its info string fits. */
  private fenceFrom = -1
  private fenceFits = false

  constructor(
    private readonly r: Reading,
    private readonly grammar: BareJsonGrammar,
  ) {
    this.close = new Matcher((grammar.close ?? []).map((text) => [text, text]))
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { text, out, cursor } = this.r
    if (out.refusesCalls) return false
    if (text.fenced ? from === cursor.offset || !this.fenceOpens(from) : !this.mayStand && !this.mayBeProven)
      return false
    return opener.marker === '[' ? this.listStands() : this.objectStands()
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { fenced } = this.r.text
    const { fences, commit = 'end' } = this.grammar
    if ((fenced ? fences?.commit : commit) === 'arguments')
      return yield* this.stream(this.sequence('arguments', from), fenced)
    return yield* this.hold(this.sequence('end', from), from, fenced)
  }

  /**
   * Reads what follows a call that ended here, as far as it is calls. `marked`: the call stood behind a marker, so the
   * others of its sequence do.
   */
  *readFurther(marked: boolean): Read<void> {
    const { cursor, text } = this.r
    const to = cursor.offset
    if (!(yield* this.next())) return
    const sequence = this.sequence('arguments', cursor.offset, marked)
    sequence.undelivered = to
    yield* this.stream(sequence, text.fenced)
  }

  /** At the start of the text, before any call. */
  private get first(): boolean {
    return this.r.text.blank && this.r.lastCallTo < 0
  }

  private get mayBeProven(): boolean {
    return this.first && this.grammar.close !== undefined && !this.r.text.fenced
  }

  private get mayStand(): boolean {
    const { text, out, cursor, lastCallTo } = this.r
    switch (out.tools.given ? this.grammar.where : (this.grammar.withoutTools ?? 'never')) {
      case 'anywhere':
        return true
      case 'line-start':
        return text.atLineStart
      case 'text-start':
        return this.first
      case 'behind-call':
        return text.blank || lastCallTo === cursor.offset
      default:
        return false
    }
  }

  private fenceOpens(from: number): boolean {
    const { fences } = this.grammar
    if (fences === undefined) return false
    const where = this.r.out.tools.given ? fences.where : fences.withoutTools
    if (where === 'never' || (where === 'whole-text' && !this.first)) return false
    if (this.fenceFrom !== from) {
      this.fenceFrom = from
      const label = this.r.cursor.since(from).slice(3).trim().toLowerCase()
      this.fenceFits = fences.labels === undefined || fences.labels.includes(label)
    }
    return this.fenceFits
  }

  /** Does a brace stand here, and may a key follow it? Ordinary text is told apart at once. */
  private objectStands(): boolean | typeof WAIT {
    const { window, at, ended } = this.r.cursor
    if (at + 1 === window.length) return ended ? false : WAIT
    const code = window.charCodeAt(at + 1)
    return code === 0x22 || code === 0x27 || isSpace(code)
  }

  /** Does a bracket stand here, and a brace behind it? */
  listStands(): boolean | typeof WAIT {
    const { window, at, ended } = this.r.cursor
    for (let i = at + 1; i < at + LONGEST_GAP; i++) {
      if (i >= window.length) return ended ? false : WAIT
      const code = window.charCodeAt(i)
      if (!isSpace(code)) return code === 0x7b
    }
    return false
  }

  private sequence(commit: 'arguments' | 'end', from: number, marked = false): CallSequence {
    const { tools } = this.r.out
    const { shape = CALL_SHAPE, envelope } = this.grammar
    const isFree = marked || !tools.given || this.mayBeProven
    return new CallSequence(
      this.r,
      {
        shape,
        commit,
        envelope,
        evidence: marked ? 'marker' : 'bare',
        nameAlone: marked,
        accepts: (name) => isFree || tools.has(name),
        ...(isFree ? {} : { acceptsStart: (start: string) => tools.has(start) || tools.startsName(start) }),
      },
      from,
    )
  }

  /** Delivers each call as it comes. */
  private *stream(sequence: CallSequence, fenced: boolean): Read<boolean> {
    do {
      const outcome = yield* sequence.item()
      if (outcome !== 'done') return yield* this.fail(sequence, outcome)
    } while (yield* this.next())
    if (fenced) yield* this.closesFence()
    return !fenced
  }

  /** Delivers all calls, if nothing else follows them. */
  private *hold(sequence: CallSequence, from: number, fenced: boolean): Read<boolean> {
    const { cursor, out } = this.r
    const permitted = fenced || this.mayStand
    const { mayBeProven } = this
    do {
      const outcome = yield* sequence.item()
      if (outcome !== 'done') return yield* this.fail(sequence, outcome)
    } while (yield* this.next())
    const wholeText =
      fenced && (out.tools.given ? this.grammar.fences?.where : this.grammar.fences?.withoutTools) === 'whole-text'
    let over = !fenced || (yield* this.closesFence())
    const to = cursor.offset
    if (over && (!fenced || wholeText)) {
      while (cursor.skipSpace() === WAIT) yield
      if (mayBeProven) {
        let close: string | undefined | typeof WAIT
        while ((close = this.r.at(this.close)) === WAIT) yield
        if (close !== undefined) {
          cursor.at += close.length
          sequence.deliver('marker')
          return true
        }
      }
      over = (yield* this.atEnd()) && permitted
    }
    if (over && sequence.allKnown) {
      cursor.rewind(to)
      sequence.deliver('bare')
      return !fenced
    }
    if (fenced) this.r.text.fenced = true
    cursor.rewind(sequence.to)
    this.giveBack(from)
    return false
  }

  /** Reads white space, a separator and `again`. True if another call or list begins; else what was read is text again. */
  private *next(): Read<boolean> {
    const { cursor, out } = this.r
    const { separators, again, lists } = this.grammar
    if (separators === undefined) return false
    const to = cursor.offset
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const separated = code >= 0 && separators.includes(String.fromCharCode(code))
    const isSemicolon = code === 0x3b
    if (separated) {
      cursor.at++
      while ((code = cursor.skipSpace()) === WAIT) yield
    }
    if (code === 0x7b) return true
    if (code === 0x5b && lists === true) {
      let list: boolean | typeof WAIT
      while ((list = this.listStands()) === WAIT) yield
      if (list) return true
    }
    if (!separated) {
      cursor.rewind(to)
      return false
    }
    if (again !== undefined) {
      let found: number
      while ((found = cursor.starts(again)) === WAIT) yield
      if (found === 1) return false
    }
    if (isSemicolon && (yield* this.atEnd()))
      out.note('dropped-text', 'a separator that nothing follows', to, cursor.offset)
    else cursor.rewind(to)
    return false
  }

  /** Is the text over here, or does a stop token end it? */
  private *atEnd(): Read<boolean> {
    if (this.r.cursor.peek() < 0) return true
    let stop: string | undefined | typeof WAIT
    while ((stop = this.r.at(this.r.stops)) === WAIT) yield
    return stop !== undefined
  }

  /** Reads the close of the fence. At the end of the text it may be missing. */
  private *closesFence(): Read<boolean> {
    const { cursor, text } = this.r
    const to = cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts('```')) === WAIT) yield
    if (found === 1) {
      cursor.at += 3
      text.fenced = false
      return true
    }
    const over = yield* this.atEnd()
    if (!over) cursor.rewind(to)
    return over
  }

  /** The sequence stopped at something that is no call, or at the end of the text. False: it is text. */
  private *fail(sequence: CallSequence, outcome: CallOutcome): Read<boolean> {
    const { failed } = sequence
    if (failed?.opened === true) {
      if (outcome === 'truncated') this.r.closeCut()
      else yield* this.closeDamaged(sequence, failed.why)
      return false
    }
    const over = outcome === 'truncated' || (outcome === 'damaged' && (yield* this.atEnd()))
    if (over && this.cut(sequence)) return false
    this.giveBack(sequence.undelivered)
    if (outcome === 'refuted' && sequence.resume !== undefined && sequence.closers.length > 0) {
      yield* readPlainJson(this.r, sequence.resume, sequence.closers)
    }
    return false
  }

  /** What was read from `from` on is text. */
  private giveBack(from: number): void {
    const given = this.r.cursor.since(from)
    writeMarked(this.r, given, from)
    this.r.text.look(given)
  }

  /** The text ended in a sequence. True if calls come of it all the same; false if all of it is text. */
  private cut(sequence: CallSequence): boolean {
    const { cursor, out } = this.r
    const { failed, count } = sequence
    const { given } = out.tools
    if (!given && sequence.commit === 'end') return false
    const isCut = failed?.isCut === true && (!given || out.tools.has(failed.name ?? ''))
    if (!isCut && count === 0) return false
    sequence.deliver('bare')
    const from = sequence.undelivered
    if (isCut) {
      failed?.deliverCut()
    } else if (sequence.isNested) {
      out.note('truncated-call', 'the list of calls was not closed', from, cursor.offset)
      out.fail(cursor.peek() < 0 ? 'truncated' : 'malformed')
    } else {
      this.giveBack(from)
    }
    return true
  }

  /** A call that was announced cannot be read on: the rest of its object is left out. */
  private *closeDamaged(sequence: CallSequence, why: string): Read<void> {
    const { cursor, out, stops, value, format } = this.r
    let stop: string | undefined | typeof WAIT
    while ((stop = this.r.at(stops)) === WAIT) yield
    if (stop === undefined) {
      const ends = [
        ...format.stops,
        '\n{',
        '\n[',
        '\n```',
        ...(this.grammar.again === undefined ? [] : [this.grammar.again]),
      ]
      const rest = new DamagedJson(cursor, sequence.closers.length + value.depth, ends)
      if (!rest.scan()) yield rest
    }
    out.close('malformed', cursor.offset, stop === undefined ? why : 'the model stopped inside it')
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}
