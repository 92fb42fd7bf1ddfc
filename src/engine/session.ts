import type { ParseEvent } from '../event/event.js'
import { Cursor, type EndReason } from '../text/cursor.js'
import { lastMarker } from '../text/last-marker.js'
import { Nested } from '../text/nested.js'
import { quote } from '../text/quote.js'
import type { FastPath, HoldBack } from '../text/step.js'
import { declaredOf } from '../tools/declared.js'
import { readOffered } from '../tools/offered-tools.js'
import { type Grammar, markerSet } from './grammar.js'
import { callBehind, callLikeLines, restBehind } from './looks-like-call.js'
import { type ParserOptions, readSettings, type Settings } from './options.js'
import { Policy } from './policy.js'
import { readText } from './read-text.js'
import { Reading } from './reading.js'
import { blocksOf } from './reasoning-blocks.js'
import { UncalledText } from './uncalled-text.js'

/** Turns text that comes in chunks into events. One parser reads one text. */
export interface Parser {
  /**
   * Reads a chunk of any size and returns the events that are now certain. Never throws on text. Throws after `end`: one
   * parser reads one text.
   */
  push(chunk: string): ParseEvent[]
  /**
   * Returns the remaining events, the last of them `end`. A second call returns none. `reason` (default `stop`): why
   * the text ended.
   */
  end(reason?: EndReason): ParseEvent[]
}

/** Another format that a text looks like. */
export interface OtherFormat {
  /**
   * Default `looks-like`. `stripped-markers`: it is the format's own, without its special tokens; `damaged-block`: with other
   * ones. `escaped-markers`, `quoted-call`: all its markers are escaped, or each of them is in inline code. `unread-call`: no
   * format finds a call there. `unknown-tool`: one without a marker, of a tool that was not given.
   * `marker-in-text`: a tag of a call that was read.
   */
  readonly code?:
    | 'looks-like'
    | 'stripped-markers'
    | 'escaped-markers'
    | 'quoted-call'
    | 'damaged-block'
    | 'unread-call'
    | 'unknown-tool'
    | 'marker-in-text'
  readonly message: string
  readonly from: number
  readonly to: number
  /** The text there is a call of a given tool, which is lost. */
  readonly isLoss: boolean
}

/** What was read of a text by its end: the id of the format, whether it found a call, and the tools that were offered. */
export interface ReadOfText extends Pick<Policy, 'format' | 'called' | 'tools' | 'settings'> {
  /** The name of a given tool stands in the text outside of calls: without one, no call of such a tool was meant there. */
  readonly namesTool: boolean
}

/** Looks for another format in a text without a call, or in what its calls leave of it. */
export type FindOtherFormat = (text: string, read: ReadOfText) => OtherFormat | undefined

/** Behind the end a reader that goes on has moved within so many runs: each of the loops that it is in may ask once more. */
const MOST_IDLE = 64

/** A parser: the cursor, readers and policy of one text. */
export class Session implements Parser {
  private readonly cursor = new Cursor()
  private readonly out: Policy
  private readonly text: Nested<void>
  /** Reads the next chunk alone, if that is more text of the same kind. */
  private fastPath: FastPath | undefined
  /** Knows what the held-back text waits for. */
  private holdBack: HoldBack | undefined
  /** The text outside of calls, in which `end` looks for another format. */
  private uncalled: UncalledText | undefined
  /** `uncalled` while no call is open: text of the fast path is added to it. */
  private keeping: UncalledText | undefined
  /** `failed`: a function of the caller threw, so that reading cannot continue. */
  private state: 'open' | 'read' | 'failed' | 'ended' = 'open'

  constructor(
    private readonly grammar: Grammar,
    options: ParserOptions,
    /** Chooses the policy that fits or checks arguments by their schemas, if the options ask for it. */
    policyFor?: (settings: Settings) => typeof Policy,
    private readonly findOtherFormat?: FindOtherFormat,
  ) {
    const settings = readSettings(options)
    const fitted = settings.coerce ? 'coerce' : settings.validate ? 'validate' : undefined
    if (fitted !== undefined && policyFor === undefined)
      throw new TypeError(`options.${fitted}: callsift/core reads no schemas. Import createParser from 'callsift'`)
    const PolicyClass = policyFor?.(settings) ?? Policy
    this.out = new PolicyClass(settings, readOffered(options.tools), grammar.format)
    // If no calls are wanted, none can be missed.
    const isExamined = findOtherFormat !== undefined || this.out.tools.given
    if (isExamined && options.toolChoice !== 'none') this.uncalled = new UncalledText()
    this.text = new Nested(readText(new Reading(this.cursor, this.out, grammar)))
    this.run()
  }

  /**
   * Nearly every chunk of a stream continues the text before it and takes the fast path: a scanner reads it alone, or
   * it is held back with text that waits for a marker. All other chunks go to the readers. (A turn of three calls in
   * tokens: 37 µs without the fast path, 28 with it.)
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

  /**
   * Finds out who can read the next chunk alone. Nobody can while text may have to be given back, or while events are
   * muted.
   */
  private findFastPath(): void {
    const { cursor, text, out } = this
    const { isRead } = cursor
    this.holdBack = isRead ? undefined : text.holdBack
    this.fastPath = isRead && !out.muted ? text.fastPath : undefined
    if (cursor.keeps && this.fastPath?.keeps !== true) this.fastPath = undefined
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
    this.runToEnd()
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
    const { format, called, tools, settings } = out
    const namesTool = holdsName(text, tools.names)
    const other = this.findOtherFormat?.(uncalled.inLines(text), { format, called, tools, settings, namesTool })
    if (other !== undefined) {
      out.note(other.code ?? 'looks-like', other.message, other.from, other.to)
      if (other.isLoss) out.fail('malformed')
    }
    for (const { marker, name, from, to } of namesTool ? out.mentions.calls(text, tools.names) : []) {
      out.damage(`${marker} opens no call of ${quote(name)} that can be read`, from, to)
    }
    this.noteCallsBehindCalls(text, uncalled.callEnds)
    if (namesTool && (other === undefined || other.code === 'unread-call')) this.noteCallLikeLines(text)
  }

  /** A call whose place in a list or a block was lost, right behind another one: `{"name": "f", …} and {"name": "g", …}` */
  private noteCallsBehindCalls(text: string, ends: UncalledText['callEnds']): void {
    const { out } = this
    if (!out.tools.given) return
    for (const { to, name } of ends) {
      const found = callBehind(text, to, out.tools)
      const rest = found === undefined ? restBehind(text, to, declaredOf(out.tools, name)) : undefined
      if (found !== undefined)
        out.damage(`a call of ${quote(found.name)} follows another one, and cannot be read`, found.from, found.to)
      else if (rest !== undefined)
        out.damage(`arguments follow the call of ${quote(name)}, which ended before`, rest.from, rest.to)
    }
  }

  /** Notes lines that look like calls: where a damaged call leaves no other trace. */
  private noteCallLikeLines(text: string): void {
    const { out, grammar } = this
    const markers = grammar.once('markers of calls', () =>
      [...grammar.openers.values()].flatMap(({ text, bare }) => (bare ? [] : [text])),
    )
    const closers = grammar.once('closers of reasoning', () =>
      markerSet(blocksOf(grammar.format).map(({ close }) => close)),
    )
    const lines = callLikeLines(text, lastMarker(text, closers).to, out.tools, markers, out.called)
    for (const { name, from, to, place } of lines)
      if (place === undefined)
        out.note('looks-like-call', `this line starts like a call of ${quote(name)} but is not one`, from, to)
      else out.note('quoted-call', `a call of ${quote(name)} stands in ${place}, so it is text`, from, to)
  }

  /** A reader that waits for more text behind the end would wait for ever: an error is better than a process that hangs. */
  private runToEnd(): void {
    const { cursor } = this
    for (let idle = 0; this.state === 'open'; idle++) {
      const from = cursor.offset
      this.run()
      if (cursor.offset !== from) idle = 0
      if (idle < MOST_IDLE) continue
      this.state = 'failed'
      const { id } = this.grammar.format
      throw new Error(`a fault in callsift: the reader of ${id} does not end at ${from}. Please report this text`)
    }
  }

  private run(): void {
    if (this.state !== 'open') return
    try {
      if (this.text.scan()) this.state = 'read'
    } catch (error) {
      // A function of the caller threw. Reading cannot continue, and the text must not count as whole.
      this.state = 'failed'
      this.fastPath = this.holdBack = undefined
      throw error
    }
  }
}

/**
 * Does a text hold one of these names? Most names have a `_`, and prose has none: one character is found twenty times as fast as a
 * word. (A turn of 1 KB with three tools, whole: 7 % less time.)
 */
function holdsName(text: string, names: readonly string[]): boolean {
  const hasMark = text.includes('_')
  return names.some((name) => (hasMark || !name.includes('_')) && text.includes(name))
}
