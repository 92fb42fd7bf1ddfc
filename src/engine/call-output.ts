import type { ParseEvent, ToolCall } from '../event/event.js'
import { MOVING_REPAIRS } from '../event/moving-repairs.js'
import { quote } from '../text/quote.js'
import type { JsonSink } from '../values/json/json-sink.js'
import { OpenArguments } from './open-arguments.js'
import type { Settings } from './options.js'
import { Output } from './output.js'

/** More repairs than this in one call are counted together: nobody reads a list that long. */
export const MOST_REPAIRS = 256

/** The open call: takes the JSON text of its arguments, within the limits, and the repairs that were made to them. */
export class CallOutput extends Output implements JsonSink {
  protected call: ToolCall | undefined
  protected readonly args = new OpenArguments()

  constructor(readonly settings: Settings) {
    super(settings.damaged, settings.separators)
  }

  /** Is a call announced and not yet closed? */
  get calling(): boolean {
    return this.call !== undefined
  }

  /** The name of the open call. */
  get name(): string {
    return this.call?.name ?? ''
  }

  /** The arguments of the open call so far, as JSON text. */
  get argumentsText(): string {
    return this.args.toString()
  }

  /** The wire's own id of the open call, where it stands behind the name. Undefined: what was read as its id is something else. */
  nativeId(id: string | undefined): void {
    if (this.call === undefined) return
    if (id === undefined) delete this.call.nativeId
    else this.call.nativeId = id
  }

  /** How many more characters of arguments the open call may have, or the next one. */
  get room(): number {
    if (this.call === undefined) return this.longest
    return this.args.overLimit ? 0 : this.longest - this.args.length
  }

  /** What is read on trial has no limit: whether it is a call does not depend on one, and the call that is made of it keeps it. */
  private get longest(): number {
    return this.muted ? Number.POSITIVE_INFINITY : this.settings.argumentChars
  }

  /** A piece of the open call's arguments, as JSON text. */
  json(text: string, from: number, to: number): void {
    const { call, args } = this
    if (call === undefined || args.overLimit || text === '') return
    if (args.length === 0) args.from = from
    if (from === to && text === '{}') args.areMade = true
    if (args.length + text.length > this.longest) this.cutJson(text, from, to)
    else {
      args.add(text)
      this.emitArguments(call, text, from, to)
    }
  }

  jsonChunk(text: string, from: number, to: number): ParseEvent[] {
    const { call, args } = this
    if (call === undefined || args.overLimit || args.length + text.length > this.longest) {
      this.json(text, from, to)
      return this.drain()
    }
    args.add(text)
    return [{ type: 'arguments', index: call.index, delta: text, from, to }]
  }

  whole(object: unknown, length: number, missing: 0 | 1): void {
    this.args.parsed(object, length, missing)
  }

  /** Adds the part of a piece that is within the limit. */
  private cutJson(text: string, from: number, to: number): void {
    const { room } = this
    // A surrogate pair is not split at the limit.
    const cutsPair = (text.charCodeAt(room - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(room) & 0xfc00) === 0xdc00
    const kept = cutsPair ? room - 1 : room
    this.json(text.slice(0, kept), from, Math.min(to, from + kept))
    this.args.overLimit = true
    const at = Math.min(to, from + room)
    this.note('limit', `the arguments are longer than limits.argumentChars (${this.settings.argumentChars})`, at, at)
  }

  protected emitArguments({ index }: ToolCall, delta: string, from: number, to: number): void {
    if (this.muted) return
    // The last brace comes by itself, and most often in the same chunk.
    const last = this.lastEvent
    if (last?.type === 'arguments' && last.index === index) {
      last.delta += delta
      // An argument that stands before the others in the text comes behind them.
      if (from < last.from) last.from = from
      if (to > last.to) last.to = to
    } else this.emit({ type: 'arguments', index, delta, from, to })
  }

  repair(kind: string, from: number, to: number, before: string, after: string): void {
    const repairs = this.call?.repairs
    if (repairs === undefined) return
    this.args.moved ||= MOVING_REPAIRS.has(kind)
    if (repairs.length < MOST_REPAIRS) repairs.push({ kind, from, to, before, after })
    else (repairs[MOST_REPAIRS] ??= { kind: 'further-repairs', from, to, before: '', after: '' }).to = to
  }

  /** The value of an argument, at from..to, does not fit its schema, and is kept as written. */
  misfit(key: string, from: number, to: number): void {
    this.note('argument-type', `${quote(key)} does not fit its schema and was kept as written`, from, to)
    if (this.args.misfits.length < 2 * MOST_REPAIRS) this.args.misfits.push(from, to)
  }

  /** Adds to the number of keys that were read, duplicates included. `Infinity`: they were not counted. */
  countKeys(count: number): void {
    this.args.keys += count
  }

  oddKey(key: string): void {
    if (this.args.oddKeys.length < MOST_REPAIRS) this.args.oddKeys.push(key)
  }

  bigInteger(from: number, to: number): void {
    this.args.bigInteger(from, to)
  }

  /** The arguments, at from..to, were changed. `some`: they hold big integers now. */
  protected recountBigIntegers(some: boolean, from: number, to: number): void {
    if (!some) this.args.forgetBigIntegers()
    else if (this.args.bigIntegers.length === 0) this.bigInteger(from, to)
  }

  /** Arguments are nested deeper than they may be. */
  tooDeep(at: number): void {
    this.note('limit', `the arguments are nested deeper than limits.depth (${this.settings.depth})`, at, at)
  }
}
