import { MOST_REPAIRS } from '../../engine/call-output.js'
import type { Policy } from '../../engine/policy.js'
import { GrowingText } from '../../text/growing-text.js'
import type { JsonSink } from '../../values/json/json-sink.js'
import { objectIn, parsed } from '../../values/json/parsed.js'

/** A repair as the arguments of `JsonSink.repair`: kind, from, to, before, after. */
export type RepairWords = Parameters<JsonSink['repair']>

/** For values that are left out. */
export const NOWHERE: JsonSink = { json() {}, repair() {}, bigInteger() {} }

/** A value that was read before its call is announced: its JSON text, with its repairs and big integers. */
export class HeldValue implements JsonSink {
  private readonly text = new GrowingText()
  readonly repairs: RepairWords[] = []
  private readonly bigIntegers: [number, number][] = []
  private readonly oddKeys: string[] = []
  from = -1
  to = -1
  /** How many keys were read in it. */
  keys = 0

  json(text: string, from: number, to: number): void {
    if (this.from < 0) this.from = from
    this.to = to
    this.text.add(text)
  }

  repair(...repair: RepairWords): void {
    if (this.repairs.length < MOST_REPAIRS) this.repairs.push(repair)
  }

  bigInteger(...span: [number, number]): void {
    this.bigIntegers.push(span)
  }

  oddKey(key: string): void {
    if (this.oddKeys.length < MOST_REPAIRS) this.oddKeys.push(key)
  }

  /** Another text instead of its own. */
  rewrite(text: string): void {
    this.text.clear()
    this.text.add(text)
  }

  toString(): string {
    return this.text.toString()
  }

  /** It is a string, as far as it has come. */
  get isString(): boolean {
    return this.toString().startsWith('"')
  }

  /** The text of the object that it holds as a string, if it does. */
  get inner(): string | undefined {
    const text = parsed(this.toString())
    return typeof text === 'string' && objectIn(text) !== undefined ? text : undefined
  }

  /** The same, or else its own text. */
  get object(): string {
    return (this.isString ? this.inner : undefined) ?? this.toString()
  }

  /** As `giveTo`, of an object, but for its closer, so that more can be put to it: where that stands. */
  giveOpen(out: Policy, text: string): { from: number; to: number } {
    // Text that stands in the source as it is has its closer there too.
    const isSource = this.to - this.from === text.length
    const from = isSource ? this.to - 1 : this.to
    this.giveTo(out, text.slice(0, text.lastIndexOf('}')), from, this.isString ? Number.POSITIVE_INFINITY : this.keys)
    return { from, to: this.to }
  }

  /** Its text and what is to be said of it, to the call that is open now. */
  giveTo(out: Policy, text = this.toString(), to = this.to, keys = this.keys): void {
    for (const repair of this.repairs) out.repair(...repair)
    for (const span of this.bigIntegers) out.bigInteger(...span)
    for (const key of this.oddKeys) out.oddKey(key)
    out.countKeys(keys)
    out.json(text, this.from, to)
  }
}
