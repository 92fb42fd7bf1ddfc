import type { Reading } from '../../engine/reading.js'
import { isWrapper, mayWrap } from '../../fitting/wrapped-arguments.js'
import { unwrapRaw } from '../../fitting/wrapped-value.js'
import { holdsBrokenCloser } from '../../recovery/broken-closer.js'
import { noteExtra } from '../../recovery/extra-attributes.js'
import { mendPaddedName } from '../../recovery/padded-name.js'
import { holdsTokenAtEdge, looksUnclosed } from '../../recovery/raw-tail.js'
import { swallowsTag } from '../../recovery/swallowed-tag.js'
import { WAIT } from '../../text/cursor.js'
import { quote } from '../../text/quote.js'
import type { FastPath, HoldBack, Scanner } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import type { Tags } from '../../text/tags.js'
import { toolOf } from '../../tools/schema.js'
import { parameterTypes, type ValueTypes } from '../../tools/value-types.js'
import { holdsBigInteger } from '../../values/number/big-integer.js'
import type { ArgumentWriter } from '../../values/raw/argument-writer.js'
import { Cdata, cdataAt } from '../../values/raw/cdata.js'
import { DelimitedScanner } from '../../values/raw/delimited.js'
import { RawArgument, type RawMode } from '../../values/raw/raw-argument.js'
import { isShallow, mayBeString } from '../../values/raw/typed.js'
import { argumentTagsOf, mayHoldOther } from './argument-tags.js'
import { CallKeys } from './call-keys.js'
import { mendedJson } from './mended-json.js'
import { type TaggedGrammar, valueAttribute } from './tagged-grammar.js'
import { mendSpelling, mendSpellingOf } from './token-spelling.js'
import { DROPPED, planValue, typesNamed, type ValuePlan } from './value-plan.js'

/** What ended a parameter. `open`: the call continues; `broken`: the text or the model stopped; else the marker that ended the call too. */
export type ParameterEnd = 'open' | 'call-end' | 'block-end' | 'broken'

/** What stands in no number, nor in a word for true, false or null: `3function=f>\n<parameter=a>`. `< 3` is none. */
const MARKUP = /<[^\s\d=]|｜|">/

/**
 * Reads the parameters of one call, from their tags to behind what ends them: each in steps, as its call is read.
 *
 * One class in one file: what is written of a parameter, and what is wrong with it, depends on its tag, its value and its
 * end together.
 */
export class TaggedParameter implements Scanner {
  /** What ended the last one. */
  end: ParameterEnd = 'open'
  /** Where the marker that ended the last one stands. */
  endFrom = 0
  endTo = 0
  /** Why the call cannot be delivered, or nothing. */
  damage = ''
  /** The only parameter held all arguments, which have been written. */
  unwrapped = false
  /** A tag in a value was taken as data, which is right only if the call lacks nothing. */
  isDoubtful = false
  /** The key of a value that may hold another argument, whose opening tag is lost, or nothing. */
  partedKey = ''
  /** The last value ended without its own close marker. */
  isBounded = false
  readonly keys: CallKeys
  private step: 'section' | 'value' | 'end' = 'end'
  private tag!: Tag
  /** Where its tag stands. */
  private from = 0
  private plan: ValuePlan = DROPPED
  /** It may hold all arguments. */
  private wraps = false
  /** The arguments that it holds, if it does. */
  private inner: string | undefined
  /** The open CDATA section. */
  private cdata: Cdata | undefined
  /** How much of the raw value was in CDATA sections; -1 if it began with none. */
  private sectionsTo = -1
  private readonly scanner: DelimitedScanner
  private readonly argument: RawArgument
  private readonly closer: string
  private readonly declares = (key: string): boolean => this.keys.declares(key)
  private readonly mayFollow = (key: string): boolean => this.keys.mayFollow(key)
  private readonly typesOf: (tool: string, key: string) => ValueTypes

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags,
    private readonly writer: ArgumentWriter,
  ) {
    this.scanner = new DelimitedScanner(reading.cursor, tags, reading.stops, grammar)
    this.argument = new RawArgument(reading.out)
    this.keys = new CallKeys(reading.out.tools)
    this.closer = tags.closeOf(grammar.syntax.parameter)
    this.typesOf = parameterTypes((tool) => toolOf(reading.out.tools, tool))
  }

  /** Another call begins. */
  beginCall(call: string): void {
    this.keys.begin(call)
    this.damage = ''
    this.unwrapped = false
    this.isDoubtful = false
    this.partedKey = ''
  }

  /** The key of the last one. */
  get key(): string | undefined {
    return this.tag.name
  }

  /** The last value was empty. */
  get isEmpty(): boolean {
    return this.argument.raw === ''
  }

  /** The last value ends in a tag of the format. */
  get endsInTag(): boolean {
    return this.scanner.holdsTag && this.argument.raw.trimEnd().endsWith('>')
  }

  /** The last value ran to the end of the text, over its close marker as JSON escapes it: `<\/parameter>`. Else empty. */
  get escapedCloser(): string {
    if (this.scanner.ending !== 'cut') return ''
    const closer = this.closer.replace('</', '<\\/')
    const { raw } = this.argument
    const isEscaped = closer.startsWith('<\\') && raw.includes(closer) && raw.trimEnd().endsWith('>')
    return isEscaped ? closer : ''
  }

  /**
   * May the last value go on at an offset, where a call opens? It is unclear where it ends, or nothing but a misspelt closer stands
   * between, which may as well be the opener of a value: then that call is quoted in it.
   */
  mayGoOn(at: number): boolean {
    return this.damage !== '' || (this.scanner.loose && this.endTo === at && this.endTo > this.endFrom)
  }

  get fastPath(): FastPath | undefined {
    return this.step === 'value' ? this.scanner.fastPath : undefined
  }

  get holdBack(): HoldBack | undefined {
    return this.step === 'value' ? this.scanner.holdBack : undefined
  }

  /** Reads the tag of a parameter, at the cursor. */
  begin(read: Tag): void {
    const { cursor } = this.reading
    const from = cursor.offset
    const isSpoilt = this.grammar.syntax.names === 'equals' && this.keys.isSpoilt(read.name ?? '')
    const tag = isSpoilt ? { ...read, name: undefined } : this.withoutQuotes(read)
    const key = tag.name
    const first = this.keys.areNone && this.writer.isEmpty
    this.tag = tag
    this.from = from
    noteExtra(this.reading, tag)
    this.damage ||= mendPaddedName(this.reading, tag)
    mendSpelling(this.reading, this.grammar.syntax, tag, this.grammar.syntax.parameter)
    cursor.at += tag.length
    if (key !== undefined) this.noteKey(key, from, tag.length)
    this.plan = key === undefined ? DROPPED : this.planOf(tag, key, from)
    this.wraps = first && key !== undefined && this.mayWrap(key)
    this.inner = this.cdata = undefined
    this.sectionsTo = -1
    if (key !== undefined && !this.wraps) this.writeKey(key, tag, from, this.plan.mode)
    this.argument.begin(this.wraps ? 'whole' : this.plan.mode)
    if (this.grammar.cdata === undefined) this.beginValue()
    else this.step = 'section'
  }

  /** `<arg_key>"city"</arg_key>`: the schema tells whether the quotes belong to the key. Without one nothing is guessed. */
  private withoutQuotes(tag: Tag): Tag {
    const { name = '' } = tag
    if (!this.keys.isEnclosed(name)) return tag
    const { cursor, out } = this.reading
    const key = this.keys.unquoted(name)
    if (key === undefined || !out.settings.repair) {
      this.damage ||= `the key ${quote(name)} holds more than a key`
      return tag
    }
    const from = cursor.offset + tag.nameFrom
    out.repair('misspelt-marker', from, from + name.length, name, key)
    return { ...tag, name: key }
  }

  /** Reads on as far as the text has come. True when it is over (`end`). */
  scan(): boolean {
    const { scanner } = this
    if (this.step === 'section') {
      if (!this.passSection()) return false
      this.beginValue()
    }
    if (this.step === 'value') {
      if (!scanner.scan()) return false
      this.endFrom = scanner.endFrom
      this.endTo = scanner.endTo
      this.step = 'end'
      if (this.wraps && this.isWhole && scanner.ending !== 'opener')
        this.inner = this.unwrappedFrom(this.tag.name as string, this.argument.raw)
    }
    const isAll = this.inner !== undefined && this.isAlone()
    if (isAll === WAIT) return false
    this.endParameter(isAll)
    return true
  }

  private beginValue(): void {
    this.step = 'value'
    this.scanner.begin({
      sink: this.argument,
      json: this.tag.value === 'json',
      key: this.tag.name ?? '',
      call: this.keys.call,
      declares: this.declares,
      mayFollow: this.mayFollow,
      isFinal: !this.reading.out.muted,
    })
  }

  /** Reads CDATA sections, if the value is one, or several right behind each other. False if more text is needed. */
  private passSection(): boolean {
    const { cursor } = this.reading
    for (;;) {
      if (this.cdata === undefined) {
        // Right behind another one: XML writes `]]>` as `]]]]><![CDATA[>`.
        const at = this.sectionsTo < 0 ? cdataAt(cursor) : cdataAt(cursor, 0)
        if (at <= 0) return at !== WAIT
        cursor.at = at
        this.cdata = new Cdata(cursor, this.argument)
      }
      if (!this.cdata.scan()) return false
      this.cdata = undefined
      this.sectionsTo = this.argument.raw.length
    }
  }

  /** Neither the end of the text nor a stop token cut the value. */
  private get isWhole(): boolean {
    const { ending } = this.scanner
    return ending !== 'cut' && ending !== 'stop'
  }

  /** `isAll`: it held all arguments. */
  private endParameter(isAll: boolean): void {
    const { tag, from, wraps, plan } = this
    const key = tag.name
    const { ending } = this.scanner
    if (this.isWhole) {
      if (key === undefined) this.drop(from)
      else if (isAll) this.writeAll(this.inner as string)
      else {
        if (wraps) this.writeKey(key, tag, from, 'whole')
        this.writeValue(key, plan)
      }
    }
    this.noteEnd(key)
    if (ending === 'cut' || ending === 'stop') this.end = 'broken'
    else this.end = ending === 'parameter-end' || ending === 'opener' ? 'open' : ending
  }

  private noteKey(key: string, from: number, length: number): void {
    if (this.keys.add(key)) return
    const { out } = this.reading
    out.note('duplicate-argument', `${quote(key)} came twice: the last value is used`, from, from + length)
    if (this.grammar.duplicates === 'damage') out.fail('malformed')
  }

  /** How the value of a parameter is read. Its tag stands at offset `from`. */
  private planOf(tag: Tag, key: string, from: number): ValuePlan {
    const { typing, syntax } = this.grammar
    const { out } = this.reading
    const known = this.typesOf(this.keys.call, key)
    // Where the schema says nothing, the type counts that the format itself writes.
    const types = known.size === 0 && tag.type !== undefined ? typesNamed(tag.type) : known
    const plan = planValue(typing, tag.value, types)
    if (typing !== 'attribute' || tag.value !== undefined) return plan
    const at = from + tag.length - 1
    if (out.settings.repair)
      out.repair('missing-attribute', at, at, '', valueAttribute(syntax, plan.mode === 'text' ? '' : {}))
    else this.damage = `${quote(key)} does not say whether it is text`
    return plan
  }

  private writeKey(key: string, tag: Tag, from: number, mode: RawMode): void {
    this.writer.key(key, from + tag.nameFrom, from + tag.nameTo, mode === 'text' ? 'string' : 'any')
  }

  /** Writes what is still missing of a value that has ended. */
  private writeValue(key: string, { convert, types, strict }: ValuePlan): void {
    const { argument, endFrom: at } = this
    const { out } = this.reading
    const from = argument.from < 0 ? at : argument.from
    const to = argument.from < 0 ? at : argument.to
    if (argument.isOpenString) {
      out.json('"', at, at)
      this.writer.string(key, argument.raw)
      if (!mayBeString(types)) this.noteMisfit(key, types, from, to)
      return
    }
    if (!isShallow(argument.raw, out.settings.depth)) {
      out.tooDeep(from)
      this.writer.json(key, JSON.stringify(argument.raw), from, to)
      if (strict || !mayBeString(types)) this.damage = `the value of ${quote(key)} is nested too deep`
      return
    }
    let { json, fits } = convert(argument.raw, types)
    if (!fits && strict && out.settings.repair) {
      const mended = mendedJson(argument.raw, from, out)
      if (mended !== undefined) {
        json = mended
        fits = true
      }
    }
    this.writer.json(key, json, from, to)
    if (holdsBigInteger(json)) out.bigInteger(from, to)
    if (fits) return
    if (strict && '[{'.includes(argument.raw.trimStart().charAt(0) || ' '))
      this.damage = `the value of ${quote(key)} is not JSON`
    else this.noteMisfit(key, types, from, to)
  }

  /** A number with markup in it has swallowed something: another parameter, or another call. */
  private noteMisfit(key: string, types: ValueTypes, from: number, to: number): void {
    const { raw } = this.argument
    if (!types.has('object') && !types.has('array') && MARKUP.test(raw))
      this.damage = `the value of ${quote(key)} holds markup, and its schema allows no text`
    this.reading.out.misfit(key, from, to)
  }

  /** Leaves out a parameter without a key. */
  private drop(from: number): void {
    const { out } = this.reading
    out.note('dropped-argument', 'a parameter without a name was left out', from, this.endTo)
    out.fail('malformed')
  }

  private noteEnd(key: string | undefined): void {
    const { out } = this.reading
    const { ambiguousFrom, ambiguousTo, ending, loose, endText } = this.scanner
    if (ambiguousFrom >= 0) out.ambiguousClose(key ?? '', ambiguousFrom, ambiguousTo)
    this.judgeEnd(key)
    if (ending === 'opener') this.mend(this.endFrom, this.endFrom, '', key)
    else if (loose) this.mend(this.endFrom, this.endTo, endText, key)
    else if (ending === 'parameter-end') {
      const { syntax } = this.grammar
      mendSpellingOf(this.reading, syntax, endText, this.endFrom, syntax.parameter)
    }
  }

  /** The call is damaged if it is unclear where the value ended. */
  private judgeEnd(key: string | undefined): void {
    const { scanner, argument, grammar } = this
    const { ending, ambiguousFrom, surplusFrom, surplusTo } = scanner
    this.isBounded = false
    // Text may continue behind what ends a message.
    if (ending === 'stop') this.reading.out.doubtRest()
    if (ending === 'cut' || ending === 'stop' || key === undefined) return
    const isClosed = ending === 'parameter-end'
    const isOneLine = scanner.isOneLine && !argument.raw.includes('\n')
    this.isBounded = !isClosed || surplusFrom >= 0 || scanner.loose
    const { raw } = argument
    const isBrokenOff = !isClosed && this.isBrokenOff()
    const isUncertain = isClosed
      ? (surplusFrom >= 0 && (raw.trim() === '' || scanner.holdsTag)) ||
        (scanner.loose && (this.endsInTag || looksUnclosed(raw, grammar.syntax, grammar.trim)))
      : grammar.closers === 'certain' ||
        ambiguousFrom >= 0 ||
        (argument.from < 0 && this.reading.out.room > 0) ||
        this.endsInTag ||
        looksUnclosed(raw, grammar.syntax, grammar.trim) ||
        isBrokenOff
    if (isBrokenOff) this.reading.out.doubtRest()
    const isOdd =
      (grammar.closers === 'certain' && holdsTokenAtEdge(raw)) ||
      (isClosed && scanner.leavesOpen) ||
      (this.sectionsTo < 0 && holdsBrokenCloser(raw, this.closer, grammar.syntax.key?.[1]))
    if (isUncertain || isOdd) this.damage ||= `it is unclear where ${quote(key)} ends`
    else if (this.sectionsTo >= 0 && this.argument.raw.slice(this.sectionsTo).trim() !== '')
      this.damage ||= `text follows the CDATA section of ${quote(key)}`
    else if (scanner.isDoubled || (scanner.startsTagged && this.endsInTag))
      this.damage ||= `${quote(key)} is opened twice`
    else if (
      this.sectionsTo < 0 &&
      swallowsTag(raw, [...this.keys.missing, key], () =>
        argumentTagsOf(grammar, this.tags, ambiguousFrom >= 0 || isOneLine),
      )
    )
      this.damage ||= `${quote(key)} holds the tag of an argument`
    else if (surplusFrom >= 0) this.leaveOut(surplusFrom, surplusTo, scanner.surplusText, key)
    if (isClosed && (ambiguousFrom >= 0 || scanner.holdsTag)) this.isDoubtful = true
    const mayBeParted = ambiguousFrom >= 0 || (this.sectionsTo < 0 && raw.includes(this.closer.slice(0, -1)))
    if (mayBeParted && mayHoldOther(raw, grammar, this.tags, isOneLine)) this.partedKey ||= key
  }

  /** Where values end with their line, what ends one in the middle of it may be quoted: `see <|end|> there`. */
  private isBrokenOff(): boolean {
    return this.scanner.isBroken && this.grammar.trim === 'newline'
  }

  /** The close marker came more than once. */
  private leaveOut(from: number, to: number, before: string, key: string): void {
    const { out } = this.reading
    if (out.settings.repair) out.repair('surplus-closer', from, to, before, '')
    else this.damage ||= `${quote(key)} is closed twice`
  }

  /** Mends a close marker that is missing or misspelt. */
  private mend(from: number, to: number, before: string, key: string | undefined): void {
    const { out } = this.reading
    if (out.settings.repair)
      out.repair('missing-closer', from, to, before, this.tags.closeOf(this.grammar.syntax.parameter))
    else this.damage ||= `${quote(key ?? 'a parameter')} is not closed`
  }

  /** Is this first key undeclared, and a usual name for all arguments together (`arguments`)? */
  private mayWrap(key: string): boolean {
    const { settings, tools } = this.reading.out
    if (!settings.repair) return false
    return this.keys.takesNone ? isWrapper(key) : mayWrap(key, tools, this.keys.call)
  }

  /** Nothing follows the parameter that may be another one. */
  private isAlone(): boolean | typeof WAIT {
    if (this.scanner.ending !== 'parameter-end') return true
    const { cursor } = this.reading
    if (cursor.skipSpace() === WAIT) return WAIT
    const next = this.tags.at(cursor.window, cursor.at)
    if (next === WAIT) return cursor.ended ? false : WAIT
    return next !== undefined && next.kind !== 'parameter' && next.kind !== 'other'
  }

  /** Writes what the only parameter holds as all arguments: an object of declared ones, or a value that the only declared one takes. */
  private writeAll(json: string): void {
    const { out } = this.reading
    const { raw, from, to } = this.argument
    out.repair('wrapped-arguments', from, to, raw, json)
    out.json(json, from, to)
    if (holdsBigInteger(json)) out.bigInteger(from, to)
    this.unwrapped = true
  }

  /** The arguments in a value that may be wrapped around them, read as JSON or as text. */
  private unwrappedFrom(key: string, raw: string): string | undefined {
    if (this.keys.takesNone) return raw.trim() === '{}' ? '{}' : undefined
    const { settings, tools } = this.reading.out
    return unwrapRaw(key, raw, settings.depth, tools, this.keys.call)
  }
}
