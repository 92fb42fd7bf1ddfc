import type { ParseEvent } from '../event/event.js'
import { Cursor, type EndReason } from '../text/cursor.js'
import type { FastPath, HoldBack, Read, Scanner } from '../text/step.js'
import { readOffered } from '../tools/offered-tools.js'
import type { Grammar } from './grammar.js'
import { callLikeLines } from './looks-like-call.js'
import { type ParserOptions, readSettings, type Settings } from './options.js'
import { Policy, quote } from './policy.js'
import { readText } from './read-text.js'
import { Reading } from './reading.js'
import { UncalledText } from './uncalled-text.js'

/** Turns text that comes in chunks into events. One parser reads one text. */
export interface Parser {
  /** The events that `chunk` settles. Never throws on text. Throws after `end`: make a new parser for a new text. */
  push(chunk: string): ParseEvent[]
  /** The rest of the events, with `end` as the last. Again: none. */
  end(reason?: EndReason): ParseEvent[]
}

/** Another format that a text looks like. */
export interface OtherFormat {
  readonly message: string
  readonly from: number
  readonly to: number
  /** A whole call of a given tool stands there, which is lost. */
  readonly isLoss: boolean
}

/** What another format finds in text that a format found no call in. `called`: it found others. */
export type FindOtherFormat = (text: string, format: string, called: boolean) => OtherFormat | undefined

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
  /** The text outside of calls, for a look at the end. */
  private uncalled: UncalledText | undefined
  /** The same, while no call is open: what the fast path reads belongs to it. */
  private keeping: UncalledText | undefined
  /** `failed`: a function of the caller threw, so that nobody can read on. */
  private state: 'open' | 'read' | 'failed' | 'ended' = 'open'

  constructor(
    private readonly grammar: Grammar,
    options: ParserOptions,
    /** Makes what fits and checks arguments by their schemas, where the options ask for that. */
    policyFor?: (settings: Settings) => typeof Policy,
    private readonly findOtherFormat?: FindOtherFormat,
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
    const isLookedAt = findOtherFormat !== undefined || (grammar.isBare && this.out.tools.given)
    if (isLookedAt && options.toolChoice !== 'none') this.uncalled = new UncalledText()
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
        if (this.keeping !== undefined) this.keep(this.keeping, chunk, events)
        return events
      }
      if (this.holdBack?.absorbs(chunk) === true) {
        this.keeping?.raw(chunk)
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
    const events = this.out.drain()
    if (this.uncalled !== undefined) this.keep(this.uncalled, chunk, events)
    return events
  }

  /** Who can take the next chunk alone: nobody, while the text that is read may have to be given back or comes to nothing. */
  private findFastPath(): void {
    const { cursor, scanner, out } = this
    const { isRead } = cursor
    this.holdBack = isRead ? undefined : scanner?.holdBack
    this.fastPath = isRead && !cursor.keeps && !out.muted ? scanner?.fastPath : undefined
    this.keeping = out.calling && out.called ? undefined : this.uncalled
    if (this.fastPath !== undefined) cursor.settle()
  }

  private keep(uncalled: UncalledText, chunk: string, events: readonly ParseEvent[]): void {
    uncalled.raw(chunk)
    uncalled.notes(events)
    if (!this.out.called) return
    uncalled.call(this.out.firstCallFrom)
    uncalled.content(events)
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
    this.out.mark('end')
    const events = this.out.drain()
    if (this.uncalled !== undefined) this.lookForOtherFormat(this.uncalled, events)
    this.out.end(this.cursor.offset, isWhole ? reason : 'abort')
    return [...events, ...this.out.drain()]
  }

  private lookForOtherFormat(uncalled: UncalledText, events: readonly ParseEvent[]): void {
    const { out } = this
    this.keep(uncalled, '', events)
    this.uncalled = undefined
    const text = uncalled.toString()
    if (text === '') return
    const other = this.findOtherFormat?.(text, out.format, out.called)
    if (other === undefined) {
      this.noteCallLikeLines(text)
      return
    }
    out.note('looks-like', other.message, other.from, other.to)
    if (other.isLoss) out.fail('malformed')
  }

  /** Where calls do without markers, a damaged one leaves no other trace. */
  private noteCallLikeLines(text: string): void {
    const { out, grammar } = this
    if (!out.tools.given || !grammar.isBare) return
    const closers = (grammar.format.reasoning?.blocks ?? []).map(({ close }) => text.lastIndexOf(close) + 1)
    for (const { name, from, to, place } of callLikeLines(text, Math.max(0, ...closers), out.tools))
      if (place === undefined)
        out.note('looks-like-call', `this line starts like a call of ${quote(name)} and is none`, from, to)
      else out.note('quoted-call', `a call of ${quote(name)} stands in ${place}, so it is text`, from, to)
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
