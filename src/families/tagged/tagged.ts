import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import { TagReader } from '../../text/tag-reader.js'
import { TaggedCall } from './tagged-call.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { TaggedHeader } from './tagged-header.js'
import { taggedMentions, taggedOpeners } from './tagged-openers.js'

/** The family of formats whose calls and parameters are tags. */
export function tagged(grammar: TaggedGrammar): Family {
  return {
    openers: taggedOpeners(grammar),
    mentions: taggedMentions(grammar),
    create: (reading: Reading) => new TaggedBlock(reading, grammar),
  }
}

/** How the calls that stand here are wrapped. `stray`: their block was left by text between them. */
type Wrapping = 'block' | 'misspelt block' | 'stray' | 'none'

/** Reads a block of calls, or one call without a block. */
class TaggedBlock implements FamilyReader {
  readonly expects: string
  private readonly tags: TagReader
  private readonly header: TaggedHeader
  private readonly call: TaggedCall
  /** A block was left without its close marker. */
  private left = false
  /** The last call that was tried could be read to its end, whatever its name. */
  private isRead = false
  /** Offset of the opener that is being asked about. */
  private start = 0

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
  ) {
    this.tags = new TagReader(grammar.syntax, reading.out.settings.repair)
    this.header = new TaggedHeader(reading, grammar, this.tags)
    this.call = new TaggedCall(reading, grammar, this.tags)
    this.expects = this.header.expects
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    if (opener.stem === true) this.start = this.reading.cursor.offset - opener.marker.length
    return this.header.opens(opener, this.left)
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const { separator = '', syntax } = this.grammar
    // Of a tag that begins with a stem only that has been read: back to its bracket.
    if (opener.stem === true) cursor.rewind(this.start + (opener.marker.startsWith('<') ? 0 : separator.length))
    if (syntax.token === undefined) return yield* this.calls(from, opener.stem === true ? 'none' : 'block', [])
    const tag = yield* this.tag()
    if (tag === undefined || tag === 'cut' || tag.kind === 'call')
      return yield* this.calls(from, this.left ? 'stray' : 'none', [])
    const at = cursor.offset
    cursor.at += tag.length
    if (tag.kind === 'block') return yield* this.calls(from, 'block', [])
    const before = cursor.since(at)
    const native = this.tags.openOf(syntax.blocks[0] ?? '')
    return yield* this.calls(from, 'misspelt block', [
      { kind: 'misspelt-marker', from: at, to: at + before.length, before, after: native },
    ])
  }

  /** The calls from the cursor on, to behind what closes their block. */
  private *calls(from: number, wrapping: Wrapping, repairs: readonly Repair[]): Read<boolean> {
    const { reading, call } = this
    const { cursor } = reading
    const evidence =
      wrapping === 'block' || wrapping === 'stray' || reading.evidence !== 'marker' ? reading.evidence : 'bare'
    const guarded = wrapping === 'misspelt block' || (wrapping === 'none' && this.grammar.bare === 'whole')
    this.left = false
    for (let count = 0; ; count++) {
      const tag = yield* this.nextTag(count > 0 && wrapping === 'block')
      const isCall = tag !== undefined && tag !== 'cut' && tag.kind === 'call' && this.header.mayCall(tag)
      if (!isCall || (wrapping === 'none' && count > 0)) return this.end(tag, wrapping, count, from)
      const at = cursor.offset
      if (guarded && !(yield* this.isWhole(tag))) {
        this.giveBack(count === 0 ? from : at)
        // What was refused for its name alone leaves the block open.
        if (count > 0 && this.isRead) continue
        return count > 0
      }
      const end = yield* call.read(tag, {
        from: count === 0 ? from : at,
        evidence,
        repairs: count === 0 ? repairs : [],
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

  /** No call stands here: the block is over, with its close marker or without. */
  private end(tag: Tag | 'cut' | undefined, wrapping: Wrapping, count: number, from: number): true {
    const { cursor, out } = this.reading
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
  private *isWhole(tag: Tag): Read<boolean> {
    const { cursor, out, evidence } = this.reading
    const at = cursor.offset
    const before = out.wholeCalls
    cursor.keep(at)
    out.mute()
    const end = yield* this.call.read(tag, { from: at, evidence, repairs: [], guarded: true })
    out.unmute()
    this.isRead = end === 'closed' && out.wholeCalls > before
    const whole = this.isRead && this.header.isOffered(tag)
    if (whole) cursor.rewind(at)
    cursor.drop()
    return whole
  }

  private giveBack(from: number): void {
    const { cursor, out, text } = this.reading
    const given = cursor.since(from)
    text.track(given)
    out.release(
      'marker-in-text',
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
      if (!closed || tag === undefined || tag === 'cut' || !out.settings.repair) return tag
      if (tag.kind !== 'call-end' && tag.kind !== 'parameter-end') return tag
      const at = cursor.offset
      cursor.at += tag.length
      this.call.to = cursor.offset
      out.note('stray-marker', 'a close marker behind a call that was closed already', at, this.call.to)
    }
  }

  private *tag(): Read<Tag | 'cut' | undefined> {
    const { cursor } = this.reading
    for (;;) {
      const tag = this.tags.at(cursor.window, cursor.at)
      if (tag !== WAIT) return tag
      if (cursor.ended) return 'cut'
      yield
    }
  }
}
