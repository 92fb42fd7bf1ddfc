import { endsAt } from '../../engine/lines.js'
import type { ParseEvent } from '../../event/event.js'
import { isHighSurrogate, isSpace } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { FastPath, Scanner } from '../../text/step.js'
import type { RawArgument } from '../../values/raw/raw-argument.js'
import type { TreeTag, TreeTags } from './tree-tags.js'

/** A longer chunk is looked at as a whole. */
const LONGEST_PASS = 32
/** White space between a close tag and what follows it. */
const LONGEST_SPACE = 1024

/** What ended a text: its own close tag, one of its call or block (all of them stand at the cursor), a stop, or the end. */
export type TextEnding = 'closed' | 'outer' | 'stop' | 'cut'

export interface LeafPlace {
  /** The key that the value belongs to, for messages. */
  readonly key: string
  /** The word of the close tag around it. */
  readonly outer: string | undefined
  /** The keys beside it: those that have come, and those that the schema declares. */
  readonly seen: ReadonlySet<string>
  readonly keys: ReadonlySet<string>
}

/**
 * Reads the text of a value, which nothing escapes, to its close tag. What opens and closes in it is counted, so that a text
 * may hold a whole call; a close tag counts only before what may follow it.
 */
export class TreeText implements Scanner {
  ending: TextEnding = 'cut'
  /** Tags of the format stand in it, as text. */
  holdsTags = false
  /** One of them could have ended it, or opens what is not closed: where it ends is not known. */
  isDoubtful = false
  private name = ''
  private place!: LeafPlace
  private values = 0
  private calls = 0
  private blocks = 0

  constructor(
    private readonly cursor: Cursor,
    private readonly tags: TreeTags,
    private readonly stops: Matcher<string>,
    private readonly sink: RawArgument,
  ) {}

  /** `name`: the word that closes it. */
  begin(name: string, place: LeafPlace): this {
    this.name = name
    this.place = place
    this.values = this.calls = this.blocks = 0
    this.ending = 'cut'
    this.holdsTags = this.isDoubtful = false
    return this
  }

  get fastPath(): FastPath | undefined {
    return this.sink.streams ? this : undefined
  }

  pass(text: string): ParseEvent[] | undefined {
    const { length } = text
    if (length === 0 || length > LONGEST_PASS) return undefined
    const first = this.tags.first.charCodeAt(0)
    let isEscaped = false
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code === first || code === 0x3c || (code & 0xf800) === 0xd800) return undefined
      if (code < 32 || code === 0x22 || code === 0x5c) isEscaped = true
    }
    const events = this.sink.chunk(text, isEscaped, this.cursor.base)
    if (events !== undefined) this.cursor.base += length
    return events
  }

  scan(): boolean {
    const { cursor, tags } = this
    const { window, ended } = cursor
    const length = window.length
    const { first } = tags
    for (let i = cursor.at; ; ) {
      const at = window.indexOf(first.charAt(0), i)
      if (at < 0) {
        const to = !ended && length > cursor.at && isHighSurrogate(window.charCodeAt(length - 1)) ? length - 1 : length
        this.hand(to)
        return ended
      }
      const tag = tags.at(window, at)
      if (tag === WAIT) {
        if (!ended) return this.wait(at)
      } else if (tag === undefined) {
        // The token of a tag that is damaged.
        if (first.length > 1 && window.startsWith(first, at)) this.isDoubtful = true
        if (this.stops.at(window, at, ended)) {
          // A value that continues behind a stop token quotes it.
          const next = this.stops.hit === undefined ? WAIT : endsAt(cursor, this.stops.end, this.stops)
          if (next === WAIT) return this.wait(at)
          if (next === 'text') return this.end(at, 'stop')
        }
      } else {
        const verdict = this.judge(tag, window, at)
        if (verdict === WAIT) return this.wait(at)
        if (verdict !== 'data') return this.end(at, verdict)
        this.holdsTags = true
        i = at + tag.length
        continue
      }
      i = at + 1
    }
  }

  private hand(to: number): void {
    const { cursor } = this
    if (to > cursor.at) this.sink.text(cursor.window.slice(cursor.at, to), cursor.offset)
    cursor.at = to
  }

  private wait(at: number): false {
    this.hand(at)
    return false
  }

  private end(at: number, ending: TextEnding): true {
    this.hand(at)
    this.ending = ending
    if (this.depth > 0) this.isDoubtful = true
    return true
  }

  /** How much of what it opened itself is open. */
  private get depth(): number {
    return this.values + this.calls + this.blocks
  }

  private judge(tag: TreeTag, window: string, at: number): 'data' | 'closed' | 'outer' | typeof WAIT {
    if (!tag.isEnd) {
      if (tag.kind === 'call') this.calls++
      else if (tag.kind === 'block') this.blocks++
      else {
        if (this.isNext(tag)) this.isDoubtful = true
        if (this.isOwn(tag)) this.values++
      }
      return 'data'
    }
    if (tag.kind === 'call' && this.calls > 0) this.calls--
    else if (tag.kind === 'block' && this.blocks > 0) this.blocks--
    else if (this.isOwn(tag) && this.values > 0) this.values--
    else if (tag.kind !== 'value' || this.isOwn(tag)) {
      const verdict = this.follows(tag, window, at + tag.length, tag.kind === 'value' ? 'closed' : 'outer')
      if (verdict === 'data') this.isDoubtful = true
      return verdict
    }
    return 'data'
  }

  /** Does a tag open the argument behind this one, whose closer is missing then? */
  private isNext({ kind, name = '' }: TreeTag): boolean {
    const { keys, seen } = this.place
    return kind === 'value' && this.depth === 0 && keys.has(name) && !seen.has(name)
  }

  /** Where words are keys, only the same word closes. */
  private isOwn(tag: TreeTag): boolean {
    if (tag.kind !== 'value') return false
    return this.tags.syntax.value !== undefined || tag.name === this.name
  }

  /** A close tag counts before a tag that may follow it, and at the end. */
  private follows(
    tag: TreeTag,
    window: string,
    from: number,
    as: 'closed' | 'outer',
  ): 'data' | 'closed' | 'outer' | typeof WAIT {
    const { ended } = this.cursor
    let i = from
    while (i < window.length && i - from < LONGEST_SPACE && isSpace(window.charCodeAt(i))) i++
    if (i === window.length) return ended ? as : WAIT
    const next = this.tags.at(window, i)
    if (next === WAIT) return ended ? as : WAIT
    if (next === undefined) {
      if (!this.stops.at(window, i, ended)) return tag.kind === 'block' ? as : 'data'
      return this.stops.hit === undefined ? WAIT : as
    }
    if (as === 'outer') return next.kind === 'value' ? 'data' : as
    if (next.kind === 'value') return !next.isEnd || this.closesParent(next) ? as : 'data'
    // The end of the call may be missing too.
    return this.place.outer === undefined && (next.kind === 'call' || next.isEnd) ? as : 'data'
  }

  private closesParent(tag: TreeTag): boolean {
    const { outer } = this.place
    return outer !== undefined && (this.tags.syntax.value !== undefined || tag.name === outer)
  }
}
