import type { ParseEvent } from '../event/event.js'
import { Cursor, type EndReason } from '../text/cursor.js'
import { GrowingText } from '../text/growing-text.js'
import type { FastPath, HoldBack, Read, Scanner } from '../text/step.js'
import { readOffered } from '../tools/offered-tools.js'
import type { Grammar } from './grammar.js'
import { type ParserOptions, readSettings, type Settings } from './options.js'
import { Policy } from './policy.js'
import { readText } from './read-text.js'
import { Reading } from './reading.js'

/** Turns text that comes in chunks into events. One parser reads one text. */
export interface Parser {
  /** The events that `chunk` settles. Never throws on text. Throws after `end`: make a new parser for a new text. */
  push(chunk: string): ParseEvent[]
  /** The rest of the events, with `end` as the last. Again: none. */
  end(reason?: EndReason): ParseEvent[]
}

/** So much of a text without a call is looked at, in UTF-16 units: a wrong format shows early. */
const LONGEST_LOOK = 64 * 1024

/** Cursor, readers and policy of one text. */
export class Session implements Parser {
  private readonly cursor = new Cursor()
  private readonly out: Policy
  private readonly reading: Read<void>
  /** Eats the next chunk by itself; its reader is asked again when it is through. */
  private scanner: Scanner | undefined
  /** Reads the next chunk alone, if it is more of the same. */
  private fastPath: FastPath | undefined
  /** Knows what the text that is held back waits for. */
  private holdBack: HoldBack | undefined
  /** How the text begins, up to the first call: for a `look` at the end. */
  private textWithoutCall: GrowingText | undefined
  /** `failed`: a function of the caller threw, so that nobody can read on. */
  private state: 'open' | 'read' | 'failed' | 'ended' = 'open'

  constructor(
    grammar: Grammar,
    options: ParserOptions,
    /** Makes what fits and checks arguments by their schemas, where the options ask for that. */
    policyFor?: (settings: Settings) => typeof Policy,
    private readonly findOtherFormat?: (text: string) => ParseEvent | undefined,
  ) {
    const settings = readSettings(options)
    for (const option of ['coerce', 'validate'] as const) {
      if (settings[option] && policyFor === undefined) {
        throw new TypeError(`options.${option}: callsift/core reads no schemas. Import createParser from 'callsift'`)
      }
    }
    const Outlet = policyFor?.(settings) ?? Policy
    this.out = new Outlet(settings, readOffered(options.tools), grammar.format)
    // Calls that are not wanted need no other format.
    if (findOtherFormat !== undefined && options.toolChoice !== 'none') this.textWithoutCall = new GrowingText()
    this.reading = readText(new Reading(this.cursor, this.out, grammar))
    this.resume()
  }

  /**
   * Nearly every chunk of a stream is more of what came before, and takes the fast path: its scanner reads it alone, or it is held
   * back with what waits for a marker. All others are put to the readers. (A turn of three calls in tokens: 37 µs without,
   * 28 with it.)
   */
  push(chunk: string): ParseEvent[] {
    if (typeof chunk === 'string') {
      const events = this.fastPath?.pass(chunk)
      if (events !== undefined) {
        if (this.textWithoutCall !== undefined) this.keep(this.textWithoutCall, chunk)
        return events
      }
      if (this.holdBack?.absorbs(chunk) === true) {
        if (this.textWithoutCall !== undefined) this.keep(this.textWithoutCall, chunk)
        this.cursor.grow(chunk)
        return []
      }
    }
    return this.read(chunk)
  }

  private read(chunk: string): ParseEvent[] {
    if (this.state === 'ended' || this.state === 'failed' || typeof chunk !== 'string') this.refuse(chunk)
    if (chunk === '') return []
    this.cursor.push(chunk)
    this.run()
    this.findFastPath()
    if (this.out.called) this.textWithoutCall = undefined
    if (this.textWithoutCall !== undefined) this.keep(this.textWithoutCall, chunk)
    return this.out.drain()
  }

  /** Who can take the next chunk alone: nobody, while the text that is read may have to be given back or comes to nothing. */
  private findFastPath(): void {
    const { cursor, scanner, out } = this
    const { isRead } = cursor
    this.holdBack = isRead ? undefined : scanner?.holdBack
    this.fastPath = isRead && !cursor.keeps && !out.muted ? scanner?.fastPath : undefined
    if (this.fastPath !== undefined) cursor.settle()
  }

  private keep(kept: GrowingText, chunk: string): void {
    if (kept.length < LONGEST_LOOK) kept.add(chunk)
  }

  private refuse(chunk: unknown): void {
    if (this.state === 'ended')
      throw new Error('push after end: one parser reads one text, make a new one with createParser')
    if (this.state === 'failed')
      throw new Error('push after an error: a function of the options threw, and nothing more can be read')
    throw new TypeError(`push: expected a string, got ${typeof chunk}. Decode bytes with TextDecoder first`)
  }

  end(reason: EndReason = 'stop'): ParseEvent[] {
    if (this.state === 'ended') return []
    if (reason !== 'stop' && reason !== 'length' && reason !== 'abort') {
      throw new TypeError(`end: expected 'stop', 'length' or 'abort', got ${JSON.stringify(reason)}`)
    }
    this.cursor.end(reason)
    this.fastPath = this.holdBack = undefined
    while (this.state === 'open') this.run()
    const isWhole = this.state === 'read'
    this.state = 'ended'
    this.out.end(this.cursor.offset, isWhole ? reason : 'abort')
    const events = this.out.drain()
    const note = this.lookForOtherFormat()
    // Before the last event, which is the end.
    if (note !== undefined) events.splice(-1, 0, note)
    return events
  }

  private lookForOtherFormat(): ParseEvent | undefined {
    const { textWithoutCall: kept, findOtherFormat: look, out } = this
    this.textWithoutCall = undefined
    if (kept === undefined || kept.length === 0 || out.called) return undefined
    return look?.(kept.toString().slice(0, LONGEST_LOOK))
  }

  private run(): void {
    try {
      if (this.scanner === undefined || this.scanner.scan()) this.resume()
    } catch (error) {
      // Of the caller's own function: nobody can read on, and what was read may not be taken for a whole text.
      this.state = 'failed'
      this.fastPath = this.holdBack = undefined
      throw error
    }
  }

  private resume(): void {
    if (this.state !== 'open') return
    const step = this.reading.next()
    if (step.done === true) this.state = 'read'
    else this.scanner = step.value
  }
}
