import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { TagMarks } from '../../recovery/span-marks.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { type Tag, tagOf } from '../../text/tag.js'
import { TagReader } from '../../text/tag-reader.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { TagWait } from './tag-wait.js'
import { TaggedCall, type TaggedHead } from './tagged-call.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { isUnclosedBlock, TaggedHeader } from './tagged-header.js'
import { hasNoBlock, taggedInnerMarkers, taggedOpeners, taggedStrays } from './tagged-openers.js'
import { tokenSpelling } from './token-spelling.js'

/** The family of formats whose calls and parameters are tags. */
export function tagged(grammar: TaggedGrammar): Family {
  const strays = taggedStrays(grammar)
  return {
    openers: taggedOpeners(grammar),
    innerMarkers: taggedInnerMarkers(grammar),
    valueEnds: [`</${grammar.syntax.parameter}>`],
    // Other formats write the same tokens, and other calls between them.
    ...(strays.length === 0 ? {} : { strays, distinct: true }),
    create: (reading: Reading) => new TaggedBlock(reading, grammar),
  }
}

const STRIPPED_ADVICE =
  'the special tokens of a call were taken out of the text: have the server keep them (vLLM, SGLang: skip_special_tokens false; llama.cpp: --special)'

/** How the calls that stand here are wrapped. `stray`: their block was left by text between them. */
type Wrapping = 'block' | 'misspelt block' | 'stray' | 'none'

/** Reads a block of calls, or one call without a block. */
export class TaggedBlock implements FamilyReader {
  readonly expects: string
  private readonly header: TaggedHeader
  private made: TaggedCall | undefined
  /** A parameter stands where no call is open. */
  private isHeadless = false
  /** A block was left without its close marker. */
  private left = false
  /** The last call that was tried could be read to its end, whatever its name. */
  private isRead = false
  /** Offset of the opener that is being asked about. */
  private start = 0
  private readonly wait: TagWait

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags = new TagReader(grammar.syntax, reading.out.settings.repair),
  ) {
    this.header = new TaggedHeader(reading, grammar, this.tags)
    this.expects = this.header.expects
    this.wait = new TagWait(reading.cursor, this.tags)
  }

  /** Made when the first call is read: while the format is not known, many readers are asked and one reads. */
  private get call(): TaggedCall {
    this.made ??= new TaggedCall(this.reading, this.grammar, this.tags)
    return this.made
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    if (opener.stem === true) this.start = this.reading.cursor.offset - opener.marker.length
    if (opener.prefix === true) {
      const found = this.header.opensParameter(opener)
      this.isHeadless = found === true
      return found === WAIT ? WAIT : found !== undefined
    }
    return this.header.opens(opener, this.left)
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const { separator = '', syntax } = this.grammar
    // Of a tag that begins with a stem only that has been read: back to its bracket.
    if (opener.stem === true) cursor.rewind(this.start + (opener.marker.startsWith('<') ? 0 : separator.length))
    if (this.grammar.stripped !== undefined) return yield* this.stripped(opener, from)
    if (opener.prefix === true) return yield* this.headless(opener, from)
    if (syntax.token === undefined) return yield* this.calls(from, opener.stem === true ? 'none' : 'block', [])
    const tag = yield* this.tag()
    const unclosed = tag === undefined && opener.stem === true ? yield* this.nearTag() : undefined
    if (isUnclosedBlock(unclosed)) {
      const at = cursor.offset
      cursor.at += unclosed.length
      const before = cursor.since(at)
      const after = this.tags.openOf(syntax.blocks[0] ?? '')
      return yield* this.calls(from, 'block', [{ kind: 'misspelt-marker', from: at, to: cursor.offset, before, after }])
    }
    if (tag === undefined || tag === 'cut' || tag.kind === 'call')
      return yield* this.calls(from, this.left ? 'stray' : 'none', [])
    if (tag.kind === 'other' && this.header.isTool(cursor.window.slice(cursor.at, cursor.at + tag.length)))
      return yield* this.calls(from, 'none', [])
    const at = cursor.offset
    const text = cursor.window.slice(cursor.at, cursor.at + tag.length)
    const word = syntax.blocks.find((block) => text.endsWith(`${block}>`))
    const spelling = word === undefined ? undefined : tokenSpelling(text, at, syntax, word)
    cursor.at += tag.length
    if (tag.kind === 'block') return yield* this.calls(from, 'block', spelling === undefined ? [] : [spelling])
    const before = cursor.since(at)
    const native = this.tags.openOf(syntax.blocks[0] ?? '')
    return yield* this.calls(from, 'misspelt block', [
      { kind: 'misspelt-marker', from: at, to: at + before.length, before, after: native },
    ])
  }

  /** Parameters whose call lost its tag: text, with all that their values quote. */
  private *headless({ marker }: Opener, from: number): Read<false> {
    const { out, cursor, text, evidence } = this.reading
    if (!this.isHeadless) {
      cursor.rewind(from + marker.length)
      this.reading.openersAsText++
      text.track(marker)
      out.release('marker-in-text', `${marker} opens no parameter`, marker, from)
      return false
    }
    out.mute()
    yield* this.call.read(NAMELESS, { from, evidence, repairs: [], guarded: true })
    out.unmute()
    const given = cursor.since(from)
    text.track(given)
    out.release('damaged-block', 'parameters stand here without the tag of a call', given, from)
    out.fail('malformed')
    return false
  }

  /** What a server left of calls when it took their special tokens out. */
  private *stripped(opener: Opener, from: number): Read<boolean> {
    const { marker } = opener
    const { stripped: after = '' } = this.grammar
    const repair = { kind: 'stripped-marker', from: from + 1, to: from + 1, before: '', after }
    return yield* this.calls(from, opener.stem === true || marker === '' ? 'none' : 'misspelt block', [repair])
  }

  /** The calls from the cursor on, to behind what closes their block. */
  private *calls(from: number, wrapping: Wrapping, repairs: readonly Repair[]): Read<boolean> {
    const { reading, call } = this
    const { cursor, out } = reading
    const isNative = wrapping === 'none' && hasNoBlock(this.grammar.syntax)
    const evidence =
      isNative || wrapping === 'block' || wrapping === 'stray' || reading.evidence !== 'marker'
        ? reading.evidence
        : 'bare'
    const guarded = wrapping === 'misspelt block' || (wrapping === 'none' && this.grammar.bare === 'whole')
    this.left = false
    const mended = [...repairs]
    for (let count = 0; ; count++) {
      if (count === 0 && wrapping === 'block') yield* this.passRepeated(mended)
      const tag = yield* this.nextTag(count > 0 && wrapping === 'block')
      const header = yield* this.damagedHeader(tag, wrapping, count)
      if (header !== undefined) {
        const end = yield* this.misspelt(header, wrapping, {
          from: count === 0 ? from : cursor.offset,
          evidence,
          repairs: count === 0 ? mended : [],
        })
        if (end === 'next') continue
        return true
      }
      const isCall = tag !== undefined && tag !== 'cut' && tag.kind === 'call' && this.header.mayCall(tag)
      if (!isCall || (wrapping === 'none' && count > 0)) return yield* this.end(tag, wrapping, count, from)
      const at = cursor.offset
      if (wrapping === 'none' && guarded && !out.settings.repair) return yield* this.passStrict(from)
      if (guarded && !(yield* this.isWhole(tag))) {
        yield* this.giveBack(count === 0 ? from : at)
        // What was refused for its name alone leaves the block open.
        if (count > 0 && this.isRead) continue
        return count > 0
      }
      const end = yield* call.read(tag, {
        from: count === 0 ? from : at,
        evidence,
        repairs: count === 0 ? mended : [],
        guarded,
      })
      if (end === 'broken') return true
      if (end === 'block closed') {
        // The white space behind it was read with it.
        cursor.rewind(call.to)
        return true
      }
    }
  }

  /** The opener of the block may come more than once. */
  private *passRepeated(repairs: Repair[]): Read<void> {
    const { cursor } = this.reading
    for (;;) {
      const tag = yield* this.nextTag(false)
      if (tag === undefined || tag === 'cut' || tag.kind !== 'block' || !this.reading.out.settings.repair) return
      const from = cursor.offset
      cursor.at += tag.length
      repairs.push({ kind: 'surplus-opener', from, to: cursor.offset, before: cursor.since(from), after: '' })
    }
  }

  /** What stands in the place of a call's header, in a block of the format's own or with a tool's name in its tag. */
  private *damagedHeader(tag: Tag | 'cut' | undefined, wrapping: Wrapping, count: number): Read<NearTag | undefined> {
    if (wrapping !== 'block' && !(wrapping === 'none' && count === 0)) return undefined
    // The end of the text cut it: it may have been a whole one.
    if (tag === 'cut' && count === 0) return undefined
    const isWhole = tag !== undefined && tag !== 'cut' && !tag.broken
    if (isWhole && (tag.kind === 'call' || tag.kind === 'block' || (tag.kind.endsWith('end') && count > 0)))
      return undefined
    const near = yield* this.nearTag()
    if (near === undefined || near.kind === 'block') return undefined
    if (count === 0) return near
    return near.kind !== undefined || this.header.onlyCall(near) !== undefined ? near : undefined
  }

  /** A damaged header: the call that it can only mean, if that is whole and its block closes; else the block is text. */
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
    yield* this.passDamaged('section-end', head.from, 'the header of its call cannot be read')
    return 'over'
  }

  /** A call without its block, which only a repair could take: text, with all that it quotes. */
  private *passStrict(from: number): Read<boolean> {
    this.reading.cursor.at++
    yield* this.passDamaged('call-end', from, 'a call without its block')
    return false
  }

  /** Text to the end of the call or the block, counted, so that what it quotes makes no call. */
  private *passDamaged(until: 'call-end' | 'section-end', from: number, why: string): Read<void> {
    const { cursor, out, text } = this.reading
    const marks = new TagMarks(this.tags, this.reading.stops)
    const span = new DamagedSpan(cursor, marks, { openers: 'nest', until })
    const ending = yield* span.skip()
    // The end of the block belongs to the text behind a call.
    if (ending === until) span.readEnd()
    const given = cursor.since(from)
    text.track(given)
    out.release('damaged-block', why, given, from)
    out.fail('malformed')
  }

  /** No call stands here: the block is over, with its close marker or without. */
  private *end(tag: Tag | 'cut' | undefined, wrapping: Wrapping, count: number, from: number): Read<true> {
    const { cursor, out } = this.reading
    if (count === 0 && tag !== 'cut' && cursor.peek() >= 0) {
      yield* this.passDamaged('section-end', from, 'no call can be read in it')
      return true
    }
    if (count === 0 || (tag === 'cut' && this.tags.cut === 'call' && wrapping !== 'none')) {
      // Only the end of the text can have cut what was found to be a header.
      const at = count === 0 ? from : cursor.offset
      cursor.at = cursor.window.length
      this.reading.cut('the text ended before the name of a call', at)
      return true
    }
    const closes =
      tag !== undefined &&
      tag !== 'cut' &&
      (tag.kind === 'block-end' || (tag.kind === 'other-end' && wrapping !== 'none'))
    if (!closes && wrapping !== 'none' && out.settings.repair) {
      const near = yield* this.nearTag()
      if (near?.kind === 'block' && near.name === undefined) {
        const at = cursor.offset
        cursor.at += near.length
        out.note(
          'stray-marker',
          `${cursor.since(at)} closed the block, in another spelling than the format's own`,
          at,
          cursor.offset,
        )
        return true
      }
      if (
        wrapping === 'block' &&
        (yield* passWrongCloser(this.reading, this.tags.openOf(this.grammar.syntax.blocks[0] ?? '')))
      )
        return true
    }
    if (!closes) {
      this.left = wrapping !== 'none' && cursor.peek() >= 0 && !this.reading.reasoning
      cursor.rewind(this.call.to)
      return true
    }
    const at = cursor.offset
    cursor.at += tag.length
    const text = cursor.since(at)
    if (wrapping === 'none') out.note('stray-marker', `${text} closes a block that was not opened`, at, cursor.offset)
    else if (text !== this.tags.closeOf(this.grammar.syntax.blocks[0] ?? '')) {
      out.note('stray-marker', `${text} closed the block, in another spelling than the format's own`, at, cursor.offset)
    }
    return true
  }

  /** Reads the call at the cursor without a word to the outside, and goes back to it if it is whole, of a tool that was given. */
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
    const whole = this.isRead && this.header.isOffered(tag)
    if (whole) cursor.rewind(at)
    cursor.drop()
    return whole
  }

  private *giveBack(from: number): Read<void> {
    const { cursor, out, text } = this.reading
    const given = cursor.since(from)
    // Was it cut by the end of the text? That shows with the next character.
    if (!this.isRead) while (cursor.peek() === WAIT) yield
    text.track(given)
    if (this.grammar.stripped !== undefined) {
      out.fail('malformed')
      out.release('stripped-markers', STRIPPED_ADVICE, given, from)
      return
    }
    if (!this.isRead) out.fail(cursor.peek() < 0 ? 'truncated' : 'malformed')
    out.release(
      this.isRead ? 'marker-in-text' : 'damaged-block',
      'a call without its block is text, unless it is whole and of a tool that was given',
      given,
      from,
    )
  }

  /** The tag behind the white space. `closed`: a call was closed here, so that a second `</function>` is one too many. */
  private *nextTag(closed: boolean): Read<Tag | 'cut' | undefined> {
    const { cursor, out } = this.reading
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const tag = code < 0 ? undefined : yield* this.tag()
      if (tag !== undefined && tag !== 'cut' && tag.kind === 'aside') {
        cursor.at += tag.length
        continue
      }
      if (!closed || tag === undefined || tag === 'cut' || !out.settings.repair) return tag
      if (tag.kind !== 'call-end' && tag.kind !== 'parameter-end') return tag
      const at = cursor.offset
      cursor.at += tag.length
      this.call.to = cursor.offset
      out.note('stray-marker', 'a close marker behind a call that was closed already', at, this.call.to)
    }
  }

  private *nearTag(): Read<NearTag | undefined> {
    const { cursor } = this.reading
    let near: NearTag | undefined | typeof WAIT
    while ((near = this.tags.near.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
    return near
  }

  private *tag(): Read<Tag | 'cut' | undefined> {
    const { cursor } = this.reading
    if (!this.wait.scan()) yield this.wait
    const tag = this.tags.at(cursor.window, cursor.at)
    return tag === WAIT ? 'cut' : tag
  }
}

const NAMELESS = tagOf('call', 0, { name: '' })

/** Does the block go on or close here, as it should? */
function isClosing(tag: Tag | 'cut' | undefined): boolean {
  return tag !== undefined && tag !== 'cut' && !tag.broken && (tag.kind === 'block-end' || tag.kind === 'call')
}
