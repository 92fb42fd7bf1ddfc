import { Cursor, type EndReason } from './cursor.js'
import type { ParseEvent } from './event.js'
import type { Grammar } from './grammar.js'
import { readOffered } from './offered-tools.js'
import { type ParserOptions, readSettings } from './options.js'
import { Policy } from './policy.js'
import { readText } from './read-text.js'
import { type Read, Reading, type Scanner } from './reader.js'

/** Turns text that comes in chunks into events. One parser reads one text. */
export interface Parser {
  /** The events that `chunk` settles. Never throws on text. Throws after `end`: make a new parser for a new text. */
  push(chunk: string): ParseEvent[]
  /** The rest of the events, with `end` as the last. Again: none. */
  end(reason?: EndReason): ParseEvent[]
}

/** Cursor, readers and policy of one text. */
export class Session implements Parser {
  private readonly cursor = new Cursor()
  private readonly out: Policy
  private readonly reading: Read<void>
  /** Eats the next chunk by itself; its reader is asked again when it is through. */
  private scanner: Scanner | undefined
  private state: 'open' | 'read' | 'ended' = 'open'

  constructor(grammar: Grammar, options: ParserOptions, Coercing?: typeof Policy) {
    const settings = readSettings(options)
    if (settings.coerce && Coercing === undefined) {
      throw new TypeError(
        "options.coerce: callsift/core cannot fit values to schemas. Import createParser from 'callsift'",
      )
    }
    const Outlet = (settings.coerce && Coercing) || Policy
    this.out = new Outlet(settings, readOffered(options.tools), grammar.format)
    this.reading = readText(new Reading(this.cursor, this.out, grammar))
    this.resume()
  }

  /** Has a call been announced? */
  get called(): boolean {
    return this.out.called
  }

  push(chunk: string): ParseEvent[] {
    if (this.state === 'ended')
      throw new Error('push after end: one parser reads one text, make a new one with createParser')
    if (typeof chunk !== 'string')
      throw new TypeError(`push: expected a string, got ${typeof chunk}. Decode bytes with TextDecoder first`)
    if (chunk === '') return []
    this.cursor.push(chunk)
    this.run()
    return this.out.drain()
  }

  end(reason: EndReason = 'stop'): ParseEvent[] {
    if (this.state === 'ended') return []
    if (reason !== 'stop' && reason !== 'length' && reason !== 'abort') {
      throw new TypeError(`end: expected 'stop', 'length' or 'abort', got ${JSON.stringify(reason)}`)
    }
    this.cursor.end(reason)
    while (this.state === 'open') this.run()
    this.state = 'ended'
    this.out.end(this.cursor.offset, reason)
    return this.out.drain()
  }

  private run(): void {
    if (this.scanner === undefined || this.scanner.scan()) this.resume()
  }

  private resume(): void {
    if (this.state !== 'open') return
    const step = this.reading.next()
    if (step.done === true) this.state = 'read'
    else this.scanner = step.value
  }
}
