import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { giveBackArguments, objectFollows } from '../../recovery/headless-call.js'
import { TagMarks } from '../../recovery/span-marks.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { TagReader } from '../../text/tag-reader.js'
import type { ChannelGrammar } from './channel-grammar.js'
import { LONGEST_HEADER } from './message-head.js'

/**
 * A message that was meant as a call and cannot be read as one: the text of a call follows, and its header names no tool.
 *
 *     <|start|>assistant<|channel|>commentary to=<|message|>{"city": "Oslo"}<|call|>
 */
export class AttemptedCall {
  /** The tag that the text of a call begins with, in formats whose parameters are tags. */
  private readonly tag: string | undefined
  /** The text that was found is an object. */
  private isObject = false

  constructor(
    private readonly reading: Reading,
    private readonly grammar: ChannelGrammar,
  ) {
    this.tag = parameterStem(grammar)
  }

  /** Does the text of a call follow, although its header cannot be read? */
  follows(): boolean | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    const { tag } = this
    const object = objectFollows(this.reading)
    this.isObject = object === true
    if (tag === undefined || object !== false) return object
    const { start, channel = start, ends } = this.grammar.rules
    const text = window.slice(at, at + LONGEST_HEADER)
    const stops = [start, channel, ...ends].map((marker) => text.indexOf(marker)).filter((i) => i >= 0)
    const found = text.indexOf(tag)
    if (found >= 0) return stops.every((stop) => found < stop)
    return stops.length > 0 || ended || text.length === LONGEST_HEADER ? false : WAIT
  }

  /** Does the tag of a parameter stand here, so many characters behind the cursor? */
  beginsBehind(length: number): boolean | typeof WAIT {
    const { cursor } = this.reading
    this.isObject = false
    if (this.tag === undefined) return false
    cursor.at += length
    const found = cursor.starts(this.tag)
    cursor.at -= length
    return found === WAIT ? WAIT : found === 1
  }

  /** Gives the message back as text, with everything that it quotes. `expects`: what its header lacks. */
  *giveBack(from: number, expects: string): Read<void> {
    const why = this.reading.expected(expects)
    if (this.grammar.tags === undefined || this.isObject) yield* giveBackArguments(this.reading, from, why)
    else yield* this.giveBackTags(from, why)
  }

  /** As `giveBack`, where the text of the call is known to be parameters in tags. */
  *giveBackTags(from: number, why: string): Read<void> {
    const { reading, grammar, tag = '' } = this
    const { cursor } = reading
    if (grammar.tags === undefined) return
    // The message's own marker before the parameters must not count as the opener of another call.
    const begin = cursor.window.indexOf(tag, cursor.at)
    if (begin > cursor.at) cursor.at = begin
    const marks = new TagMarks(new TagReader(grammar.tags.syntax, true), reading.stops)
    const span = new DamagedSpan(cursor, marks, { openers: 'nest-anywhere', until: 'call-end' })
    if ((yield* span.skip()) === 'call-end') span.readEnd()
    reading.giveUp(`this message cannot be read as a call: ${why}`, from)
  }
}

/** The beginning of a parameter's tag, where the text of a call is parameters: `<rfl:parameter`. */
export function parameterStem({ tags }: ChannelGrammar): string | undefined {
  return tags === undefined ? undefined : `<${tags.syntax.parameter}`
}

/** Do calls begin at the cursor, in a message that is for no tool? */
export function* beginsCalls(reading: Reading, grammar: ChannelGrammar): Read<boolean> {
  const { calls } = grammar
  const stem = parameterStem(grammar)
  const begins = calls === undefined ? (stem === undefined ? [] : [stem]) : calls.openers.map(({ marker }) => marker)
  if (begins.length === 0) return false
  const set = reading.grammar.once('calls begin', () => markerSet(begins))
  return (yield* reading.marker(new Matcher(set))) !== undefined
}
