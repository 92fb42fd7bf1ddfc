import type { FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import type { HoldBack, Read } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import { TagReader } from '../../text/tag-reader.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { giveBackCall, giveBackParameters, passDamaged, passStrict } from './damaged-tags.js'
import { TaggedCall, type TaggedHead } from './tagged-call.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { isUnclosedBlock, TaggedHeader } from './tagged-header.js'
import { hasNoBlock } from './tagged-openers.js'
import { isClosing, TagsAhead } from './tags-ahead.js'
import { tokenSpelling } from './token-spelling.js'

/** What stands around the calls. `stray`: nothing, since text behind the last call ended their block. */
type Wrapping = 'block' | 'misspelt block' | 'stray' | 'none'

/**
 * Reads a block of calls, or one call without a block. One class in one file: what a tag means depends on what stands around
 * the calls, and on how many came before.
 */
export class TaggedBlock implements FamilyReader {
  readonly expects: string
  private readonly header: TaggedHeader
  private made: TaggedCall | undefined
  /** `opens` was last asked about the opener of a parameter. */
  private asksParameter = false
  /** `opens` found a parameter where no call is open. */
  private isHeadless = false
  /** A block was left without its close marker. */
  private left = false
  /** The last call that was read on trial was whole, whatever its name. */
  private isRead = false
  /** Offset of the opener that `opens` was last asked about. */
  private start = 0
  private readonly ahead: TagsAhead

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags = new TagReader(grammar.syntax, reading.out.settings.repair),
  ) {
    this.header = new TaggedHeader(reading, grammar, this.tags)
    this.expects = this.header.expects
    this.ahead = new TagsAhead(reading.cursor, this.tags)
  }

  /** Made for the first call that is read: while the format is not known, many readers are asked, and only one reads. */
  private get call(): TaggedCall {
    return (this.made ??= new TaggedCall(this.reading, this.grammar, this.tags))
  }

  /** Of a parameter alone, only so much is looked at. */
  get holdBack(): HoldBack | undefined {
    return this.asksParameter ? undefined : this.tags.holdBack
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    if (opener.stem === true) this.start = this.reading.cursor.offset - opener.marker.length
    this.asksParameter = opener.prefix === true
    if (this.asksParameter) {
      const found = this.header.opensParameter(opener)
      this.isHeadless = found === true
      return found === WAIT ? WAIT : found !== undefined
    }
    return this.header.opens(opener, this.left)
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const { separator = '', syntax } = this.grammar
    // Only the stem of the tag has been read: back to its bracket.
    if (opener.stem === true) cursor.rewind(this.start + (opener.marker.startsWith('<') ? 0 : separator.length))
    if (this.grammar.stripped !== undefined) return yield* this.stripped(opener, from)
    if (opener.prefix === true) return yield* this.headless(opener, from)
    if (syntax.token === undefined) return yield* this.calls(from, opener.stem === true ? 'none' : 'block', [])
    const tag = yield* this.ahead.tag()
    const unclosed = tag === undefined && opener.stem === true ? yield* this.ahead.near() : undefined
    if (isUnclosedBlock(unclosed)) {
      return yield* this.calls(from, 'block', [this.passMisspelt(unclosed.length)])
    }
    if (typeof tag === 'object' && tag.kind === 'parameter') {
      yield* giveBackParameters(this.reading, this.call, from)
      return false
    }
    if (tag === undefined || tag === 'cut' || tag.kind === 'call')
      return yield* this.calls(from, this.left ? 'stray' : 'none', [])
    const at = cursor.offset
    const text = cursor.window.slice(cursor.at, cursor.at + tag.length)
    if (tag.kind === 'other' && this.header.isTool(text)) return yield* this.calls(from, 'none', [])
    const word = syntax.blocks.find((block) => text.endsWith(`${block}>`))
    const spelling = word === undefined ? undefined : tokenSpelling(text, at, syntax, word)
    if (tag.kind !== 'block') return yield* this.calls(from, 'misspelt block', [this.passMisspelt(tag.length)])
    cursor.at += tag.length
    return yield* this.calls(from, 'block', spelling === undefined ? [] : [spelling])
  }

  /** Reads a misspelt opener of the block. */
  private passMisspelt(length: number): Repair {
    const { cursor } = this.reading
    const from = cursor.offset
    cursor.at += length
    const after = this.tags.openOf(this.grammar.syntax.blocks[0] ?? '')
    return { kind: 'misspelt-marker', from, to: cursor.offset, before: cursor.since(from), after }
  }

  /** Parameters without the tag of a call, which are text. */
  private *headless({ marker }: Opener, from: number): Read<false> {
    const { cursor, out, text } = this.reading
    if (this.isHeadless) yield* giveBackParameters(this.reading, this.call, from)
    else {
      // In a message, its header stands before the tag.
      cursor.rewind(this.start + marker.length)
      const given = cursor.since(from)
      this.reading.openText(text.isApart)
      text.track(given)
      out.release('marker-in-text', `${marker} opens no parameter`, given, from)
    }
    return false
  }

  /** Reads calls whose special tokens a server took out. */
  private *stripped({ marker, stem }: Opener, from: number): Read<boolean> {
    const { stripped: after = '' } = this.grammar
    const repair = { kind: 'stripped-marker', from: from + 1, to: from + 1, before: '', after }
    return yield* this.calls(from, stem === true || marker === '' ? 'none' : 'misspelt block', [repair])
  }

  /** Reads the calls at the cursor and the closer of their block. */
  private *calls(from: number, wrapping: Wrapping, repairs: Repair[]): Read<boolean> {
    const { reading, call } = this
    const { cursor, out } = reading
    const isMarked =
      wrapping === 'block' || wrapping === 'stray' || (wrapping === 'none' && hasNoBlock(this.grammar.syntax))
    const evidence = isMarked || reading.evidence !== 'marker' ? reading.evidence : 'bare'
    const guarded = wrapping === 'misspelt block' || (wrapping === 'none' && this.grammar.bare === 'whole')
    this.left = false
    for (let count = 0; ; count++) {
      if (count > 0 && wrapping === 'block') {
        // Nearly always the block closes behind its call.
        while (cursor.skipSpace() === WAIT) yield
        if (!this.ahead.wait.scan()) yield this.ahead.wait
        const next = this.ahead.now()
        if (typeof next === 'object' && next.kind === 'block-end') return this.closeBlock(next, wrapping)
      }
      const here = this.ahead.call()
      if (here === undefined && count === 0 && wrapping === 'block') yield* this.passRepeated()
      if (here === undefined && count === 0 && wrapping === 'block') yield* this.passDamagedAside(repairs)
      const tag = here ?? (yield* this.nextTag(count > 0 && wrapping === 'block'))
      const header = here === undefined ? yield* this.damagedHeader(tag, wrapping, count) : undefined
      if (header !== undefined) {
        const end = yield* this.misspelt(header, wrapping, {
          from: count === 0 ? from : cursor.offset,
          evidence,
          repairs: count === 0 ? repairs : [],
        })
        if (end === 'next') continue
        return true
      }
      const isCall = tag !== undefined && tag !== 'cut' && tag.kind === 'call' && this.header.mayCall(tag)
      if (!isCall || (wrapping === 'none' && count > 0)) return yield* this.end(tag, wrapping, count, from)
      const at = cursor.offset
      if (wrapping === 'none' && guarded && !out.settings.repair)
        return yield* passStrict(this.reading, this.tags, from)
      if (guarded && !(yield* this.isWhole(tag))) {
        yield* giveBackCall(this.reading, this.grammar, count === 0 ? from : at, this.isRead)
        if (reading.inBody && (yield* this.callFollows())) reading.inBody = false
        // A call that is only of an unknown tool leaves the block open.
        if (count > 0 && this.isRead) continue
        return count > 0
      }
      call.begin(tag, { from: count === 0 ? from : at, evidence, repairs: count === 0 ? repairs : [], guarded })
      if (!call.scan()) yield call
      const { end } = call
      // The white space behind the block is not part of it.
      if (end === 'block closed') cursor.rewind(call.to)
      if (end !== 'closed') return true
    }
  }

  /** Does the tag of another call stand behind the white space? Reads nothing. */
  private *callFollows(): Read<boolean> {
    const { cursor } = this.reading
    const from = cursor.offset
    cursor.keep(from)
    while (cursor.skipSpace() === WAIT) yield
    const tag = yield* this.ahead.tag()
    cursor.rewind(from)
    cursor.drop()
    return typeof tag === 'object' && tag.kind === 'call' && !tag.broken
  }

  /** Skips further openers of the block, as listed repairs. */
  private *passRepeated(): Read<void> {
    const { cursor } = this.reading
    for (;;) {
      const tag = yield* this.nextTag(false)
      if (tag === undefined || tag === 'cut' || tag.kind !== 'block') return
      if (!this.reading.passRepeated(cursor.window.slice(cursor.at, cursor.at + tag.length))) return
    }
  }

  /** Skips what is left of a marker before the tag of a call, as a listed repair. */
  private *passDamagedAside(repairs: Repair[]): Read<void> {
    const { cursor } = this.reading
    let length: number
    while ((length = this.header.damagedAside(cursor.at)) === WAIT) yield
    if (length === 0) return
    const from = cursor.offset
    cursor.at += length
    const [after = ''] = this.grammar.syntax.asides ?? []
    repairs.push({ kind: 'misspelt-marker', from, to: cursor.offset, before: cursor.since(from), after })
  }

  /** A damaged tag in the place of a call's header: inside a block of the format, or with the name of a tool. */
  private *damagedHeader(tag: Tag | 'cut' | undefined, wrapping: Wrapping, count: number): Read<NearTag | undefined> {
    if (wrapping !== 'block' && !(wrapping === 'none' && count === 0)) return undefined
    // Cut by the end of the text, it may have been whole.
    if (tag === 'cut' && count === 0) return undefined
    const isWhole = tag !== undefined && tag !== 'cut' && !tag.broken
    if (isWhole && (tag.kind === 'call' || tag.kind === 'block' || (tag.kind.endsWith('end') && count > 0)))
      return undefined
    const near = yield* this.ahead.near()
    if (near === undefined || near.kind === 'block') return undefined
    return count === 0 || near.kind !== undefined || this.header.onlyCall(near) !== undefined ? near : undefined
  }

  /** Reads the only call that a damaged header can mean, if that is whole and its block closes; else the block is text. */
  private *misspelt(near: NearTag, wrapping: Wrapping, head: Omit<TaggedHead, 'guarded'>): Read<'next' | 'over'> {
    const { cursor, out } = this.reading
    const at = cursor.offset
    const tag = out.settings.repair ? this.header.onlyCall(near) : undefined
    if (tag !== undefined && (yield* this.isWhole(tag, wrapping))) {
      const before = cursor.window.slice(cursor.at, cursor.at + tag.length)
      const after = this.tags.openOf(this.grammar.syntax.call, tag.name)
      const repair = { kind: 'misspelt-header', from: at, to: at + tag.length, before, after }
      yield* this.call.read(tag, { ...head, repairs: [...head.repairs, repair], guarded: true })
      return 'next'
    }
    if (cursor.offset > at) cursor.rewind(at)
    yield* passDamaged(this.reading, this.tags, 'section-end', head.from, 'the header of its call cannot be read')
    return 'over'
  }

  /** Ends the block where no further call stands, with its close marker or without. */
  private *end(tag: Tag | 'cut' | undefined, wrapping: Wrapping, count: number, from: number): Read<true> {
    const { cursor, out } = this.reading
    if (count === 0 && tag !== 'cut' && cursor.peek() >= 0) {
      yield* passDamaged(this.reading, this.tags, 'section-end', from, 'no call can be read in it')
      return true
    }
    if (count === 0 || (tag === 'cut' && this.tags.cut === 'call' && wrapping !== 'none')) {
      // A header was found here, so only the end of the text can have cut it.
      const at = count === 0 ? from : cursor.offset
      cursor.at = cursor.window.length
      this.reading.cut('the text ended before the name of a call', at)
      return true
    }
    const kind = typeof tag === 'object' ? tag.kind : undefined
    const closes = kind === 'block-end' || (kind === 'other-end' && wrapping !== 'none')
    if (!closes && wrapping !== 'none' && out.settings.repair) {
      const near = yield* this.ahead.near()
      if (near?.kind === 'block' && near.name === undefined) {
        const at = cursor.offset
        cursor.at += near.length
        this.noteSpelling(at)
        return true
      }
      const open = this.tags.openOf(this.grammar.syntax.blocks[0] ?? '')
      if (wrapping === 'block' && (yield* passWrongCloser(this.reading, open))) return true
    }
    if (!closes || typeof tag !== 'object') {
      this.left = wrapping !== 'none' && cursor.peek() >= 0 && !this.reading.reasoning
      cursor.rewind(this.call.to)
      return true
    }
    return this.closeBlock(tag, wrapping)
  }

  /** Reads the block's close marker, which the cursor stands before. */
  private closeBlock(tag: Tag, wrapping: Wrapping): true {
    const { cursor, out } = this.reading
    const at = cursor.offset
    cursor.at += tag.length
    const text = cursor.since(at)
    if (wrapping === 'none') out.note('stray-marker', `${text} closes a block that was not opened`, at, cursor.offset)
    else if (text !== this.tags.closeOf(this.grammar.syntax.blocks[0] ?? '')) this.noteSpelling(at)
    return true
  }

  /** Notes the closer of the block that was read from `at` on. */
  private noteSpelling(at: number): void {
    const { cursor, out } = this.reading
    const message = `${cursor.since(at)} closed the block, in a spelling other than the format's own`
    out.note('stray-marker', message, at, cursor.offset)
  }

  /** Reads the call at the cursor on trial, without events. If it is whole and of a given tool, the cursor goes back to it. */
  private *isWhole(tag: Tag, damagedIn?: Wrapping): Read<boolean> {
    const { cursor, out, evidence } = this.reading
    const at = cursor.offset
    const before = out.wholeCalls
    cursor.keep(at)
    out.mute()
    const end = yield* this.call.read(tag, { from: at, evidence, repairs: [], guarded: true })
    let closes = true
    if (damagedIn !== undefined) {
      const next = damagedIn === 'block' && end === 'closed' ? yield* this.nextTag(true) : undefined
      closes = this.call.isFitting && (damagedIn !== 'block' || end === 'block closed' || isClosing(next))
    }
    out.unmute()
    this.isRead =
      closes && (end === 'closed' || (damagedIn !== undefined && end === 'block closed')) && out.wholeCalls > before
    const isCall = this.isRead && this.header.isOffered(tag)
    if (isCall) cursor.rewind(at)
    cursor.drop()
    return isCall
  }

  /** The tag behind the white space. `closed`: a call ended here, so a second `</function>` is left out, with a note. */
  private *nextTag(closed: boolean): Read<Tag | 'cut' | undefined> {
    const { cursor, out } = this.reading
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const now = code < 0 ? undefined : this.ahead.now()
      const tag = now === WAIT ? yield* this.ahead.tag() : now
      if (tag !== undefined && tag !== 'cut' && tag.kind === 'aside') {
        cursor.at += tag.length
        continue
      }
      if (!closed || tag === undefined || tag === 'cut' || !out.settings.repair) return tag
      if (tag.kind !== 'call-end' && tag.kind !== 'parameter-end') return tag
      const at = cursor.offset
      cursor.at += tag.length
      this.call.to = cursor.offset
      out.note('stray-marker', 'a close marker after a call that was already closed', at, this.call.to)
    }
  }
}
