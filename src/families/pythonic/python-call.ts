import type { Reading } from '../../engine/reading.js'
import type { Evidence, ParseEvent, Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import { quote } from '../../text/quote.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import {
  NO_TYPES,
  parameterSchema,
  propertyNames,
  takesType,
  type ValueTypes,
  valueTypes,
} from '../../tools/value-types.js'
import type { JsonSink } from '../../values/json/json-sink.js'
import type { PythonSink } from '../../values/python/python-output.js'
import { PythonValue } from '../../values/python/python-reader.js'
import { HeldValue } from '../call-object/held-value.js'
import { type CallHeader, peekKeyword, peekOperator } from './python-header.js'
import { readSpace } from './python-space.js'

/** `damaged`: something is not a literal, or no argument. */
export type PythonCallOutcome = 'done' | 'damaged' | 'truncated'

const PAREN = 0x29

/**
 * Reads one call, `name(key=value, …)`. It is announced when its first value proves to be a literal, or when it closes;
 * one with positional arguments when they are known to be all.
 */
export class PythonCall implements PythonSink {
  opened = false
  /** Arguments stand behind its parenthesis. */
  isClosedEarly = false
  /** An expression goes on behind its parenthesis. */
  private isOperand = false
  /** Why it cannot be read on, once that is so. */
  why = ''
  private readonly value: PythonValue
  private readonly keys = new Set<string>()
  /** Positional arguments and their values, until it is known that they all have a parameter. */
  private held: HeldValue | undefined
  /** What was mended before it was announced. */
  private readonly early: Parameters<JsonSink['repair']>[] = []
  /** A comment stands in it that may not be left out. */
  private hasComment = false
  private positional = 0
  private keywords = false
  private parameters: readonly string[] | undefined
  /** What the parameter takes that the positional argument stands for; empty for any value. */
  private takes: ValueTypes = NO_TYPES
  private misfits = false
  /** What stands before the next piece of a value: `, "key": `. */
  private prefix = ''
  private prefixFrom = 0

  constructor(
    private readonly reading: Reading,
    private readonly header: CallHeader,
    private readonly from: number,
    private readonly evidence: Evidence,
    /** What was mended before the call. */
    private readonly mended: readonly Repair[] = [],
  ) {
    const { depth, repair } = reading.out.settings
    this.value = new PythonValue(reading.cursor, depth, reading.stops, (at) => reading.out.tooDeep(at), repair)
  }

  /** The cursor stands anywhere in the header. Leaves it behind the call, or where reading stopped. */
  *read(): Read<PythonCallOutcome> {
    const outcome = yield* this.readArguments()
    this.reading.cursor.resume()
    return outcome === 'done' ? yield* this.close() : outcome
  }

  private *readArguments(): Read<PythonCallOutcome> {
    const { cursor } = this.reading
    cursor.at = this.header.argumentsFrom - cursor.base
    for (;;) {
      const code = yield* readSpace(this.reading, (from, text) => this.comment(from, text))
      if (this.hasComment) return this.damaged('a comment stands in it, and repairs are off')
      if (code === PAREN) return this.finish()
      if (code < 0) return 'truncated'
      const outcome = yield* this.argument()
      if (outcome !== undefined) return outcome
      // The value ends only where a comma or the parenthesis stands.
      if (cursor.peek() === 0x2c) cursor.at++
    }
  }

  /** The brackets that are open where a damaged call could not be read on. */
  get closers(): number[] {
    return this.isOperand ? [] : [PAREN, ...this.value.closers]
  }

  get lastWord(): string {
    return this.value.lastWord
  }

  /** Announces the call, if that is still to do: for one that the end of the text cuts. */
  open(): void {
    if (this.opened) return
    const { name, nameFrom, nameTo } = this.header
    this.reading.out.open({ name, nameFrom, nameTo, from: this.from, evidence: this.evidence })
    this.opened = true
    // What is announced is never given back as text.
    if (!this.reading.out.muted) this.reading.cursor.pause()
    for (const { kind, from, to, before, after } of this.mended) this.reading.out.repair(kind, from, to, before, after)
    for (const words of this.early) this.reading.out.repair(...words)
    this.held?.giveTo(this.reading.out)
    this.held = undefined
  }

  json(text: string, from: number, to: number): void {
    const { prefix } = this
    this.prefix = ''
    const start = prefix === '' ? from : this.prefixFrom
    if (prefix !== '' && this.takes.size > 0) this.misfits = !fits(text, this.takes)
    if (this.held === undefined) this.open()
    const sink = this.held ?? this.reading.out
    sink.json(prefix + text, start, to)
  }

  /** It is announced, and nothing has to stand before the next piece of a value. */
  get streams(): boolean {
    return this.opened && this.held === undefined && this.prefix === ''
  }

  jsonChunk(text: string, from: number, to: number): ParseEvent[] {
    return this.reading.out.jsonChunk(text, from, to)
  }

  get room(): number {
    return this.held === undefined ? this.reading.out.room - this.prefix.length : Number.POSITIVE_INFINITY
  }

  repair(...words: Parameters<JsonSink['repair']>): void {
    if (this.opened) this.reading.out.repair(...words)
    else this.early.push(words)
  }

  comment(from: number, text: string): void {
    if (!this.reading.out.settings.repair) this.hasComment = true
    else this.repair('comment', from, from + text.length, text, '')
  }

  bigInteger(from: number, to: number): void {
    if (this.held !== undefined) this.held.bigInteger(from, to)
    else this.reading.out.bigInteger(from, to)
  }

  private *argument(): Read<PythonCallOutcome | undefined> {
    const { cursor } = this.reading
    const from = cursor.offset
    let keyword: ReturnType<typeof peekKeyword>
    while ((keyword = peekKeyword(cursor)) === WAIT) yield
    const key = keyword === undefined ? this.nextParameter() : keyword.name
    if (key === undefined) return this.damaged('a positional argument has no parameter')
    this.takes = NO_TYPES
    if (keyword === undefined) {
      const tool = toolOf(this.reading.out.tools, this.header.name)
      this.takes = valueTypes(parameterSchema(tool, key), tool?.parameters)
    } else {
      // All positional arguments are read, and each has a parameter.
      if (this.held !== undefined) this.open()
      this.keywords = true
      cursor.at += keyword.length
    }
    this.nameKey(key, from)
    const value = this.value.begin(this)
    if (!value.scan()) yield value
    if (this.hasComment) return this.damaged('a comment stands in it, and repairs are off')
    if (value.done) return this.misfits ? this.damaged(`a positional argument does not fit ${quote(key)}`) : undefined
    return value.bad ? this.damaged(`the value of ${quote(key)} is not a literal`) : 'truncated'
  }

  private nameKey(key: string, from: number): void {
    const { out } = this.reading
    if (this.keys.has(key)) {
      out.note('duplicate-argument', `${quote(key)} came twice: the last one is used`, from, from + key.length)
    }
    this.prefix = `${this.keys.size === 0 ? '{' : ', '}${JSON.stringify(key)}: `
    this.prefixFrom = from
    this.keys.add(key)
  }

  /** The parameter that a positional argument stands for; keyword arguments come behind all of these. */
  private nextParameter(): string | undefined {
    if (this.keywords) return undefined
    this.parameters ??= propertyNames(toolOf(this.reading.out.tools, this.header.name))
    if (this.positional === 0) this.held = new HeldValue()
    return this.parameters[this.positional++]
  }

  private damaged(why: string): PythonCallOutcome {
    this.why = why
    return 'damaged'
  }

  private finish(): PythonCallOutcome {
    const { cursor, out } = this.reading
    const from = cursor.offset
    cursor.at++
    this.open()
    out.json(this.keys.size === 0 ? '{}' : '}', from, from + 1)
    return 'done'
  }

  private *close(): Read<PythonCallOutcome> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    cursor.keep(to)
    const behind = yield* this.goesOn(to)
    cursor.rewind(to)
    cursor.drop()
    this.isOperand = behind === 'expression'
    if (this.isOperand) return this.damaged('it is part of an expression')
    this.isClosedEarly = behind === 'argument'
    out.close(this.isClosedEarly ? 'malformed' : 'complete', to, 'it goes on after its closing parenthesis')
    this.reading.lastCallTo = to
    return 'done'
  }

  /**
   * Behind the parenthesis, on its line, another argument: it was closed too early. Behind a comma the call of a name without
   * its parenthesis may begin, so the keyword has to be one that the call lacks: `f(a=1), b=2)`. Or an expression goes on, which
   * nobody evaluates: `f() or g()`, `f(a=1).b`, `f()(a=1)`
   */
  private *goesOn(to: number): Read<'argument' | 'expression' | undefined> {
    const { cursor, out } = this.reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const isParted = code === 0x2c
    if (isParted) {
      cursor.at++
      while ((code = cursor.skipSpace()) === WAIT) yield
    }
    if (cursor.since(to).includes('\n')) return undefined
    if (!isParted) {
      let operator: ReturnType<typeof peekOperator>
      while ((operator = peekOperator(cursor)) === WAIT) yield
      if (operator) return 'expression'
    }
    let keyword: ReturnType<typeof peekKeyword>
    while ((keyword = peekKeyword(cursor)) === WAIT) yield
    if (keyword === undefined) return undefined
    if (!isParted) return 'argument'
    const isLacking = !this.keys.has(keyword.name)
    const declared = propertyNames(toolOf(out.tools, this.header.name))
    return isLacking && declared.includes(keyword.name) ? 'argument' : undefined
  }
}

/** By its first characters, which tell its type but for the kind of a number: may a value stand where these types are taken? */
function fits(json: string, types: ValueTypes): boolean {
  const [type] = FIRSTS.find(([, firsts]) => firsts.includes(json.charAt(0))) ?? (['number', ''] as const)
  // Python has `None` for what is left out.
  return type === 'null' || takesType(types, type) || (type === 'number' && types.has('integer'))
}

const FIRSTS = [
  ['string', '"'],
  ['object', '{'],
  ['array', '['],
  ['boolean', 'tf'],
  ['null', 'n'],
] as const
