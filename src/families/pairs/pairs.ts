import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import type { HoldBack, Read } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import { jsonCalls } from '../json-calls/json-calls.js'
import { giveBackParameters } from '../tagged/damaged-tags.js'
import { TagWait } from '../tagged/tag-wait.js'
import { type CallEnd, TaggedCall } from '../tagged/tagged-call.js'
import { passClosers } from './pair-closers.js'
import { spaceEnd } from './pair-syntax.js'
import { PairTags, type Stem } from './pair-tags.js'
import { type PairsGrammar, taggedOf } from './pairs-grammar.js'
import { type PairsHead, PairsHeader } from './pairs-header.js'

/** What a marker of the family opens: a block of calls, a call, or a key, which only a damaged call leaves in the content. */
type Opens = 'block' | 'call' | 'key'

/** The family of formats whose keys and values are elements of their own. */
export function pairs(grammar: PairsGrammar): Family {
  const { block, call, key, value, suffixes } = grammar.syntax
  const closers = [call[1], key[1], value[0], value[1], block?.[1] ?? ''].filter((marker) => marker !== '')
  const tokens = closers.filter((marker) => !marker.startsWith('</'))
  const blockEnds =
    block === undefined ? [] : ['', ...(suffixes ?? [])].map((suffix) => `${stemOf(block[1])}${suffix}>`)
  const strays = [...tokens, ...blockEnds]
  const suffixed = (marker: string) => (suffixes === undefined ? [marker] : [marker, `${stemOf(marker)}:`])
  const blocks = block === undefined ? [] : [...suffixed(block[0]), stemOf(block[0])]
  const objects = grammar.objects === undefined ? undefined : jsonCalls({ open: [call[0]], close: [call[1]] })
  // Behind a whole marker of a call stands its name, or a further marker.
  const mayBegin = objects === undefined ? (text: string, at: number) => !'{['.includes(text.charAt(at)) : undefined
  return {
    openers: [...blocks, ...suffixed(call[0]), ...suffixed(key[0])].map((marker) =>
      marker.endsWith('>') ? { marker, mayBegin: marker === call[0] ? mayBegin : undefined } : { marker, stem: true },
    ),
    ...(strays.length === 0 ? {} : { strays }),
    innerMarkers: closers.filter((marker) => !strays.includes(marker)).flatMap(suffixed),
    valueEnds: suffixed(value[1]),
    valueStarts: suffixed(value[0] || key[1]),
    // Objects behind the same marker are read by others too.
    ...(grammar.objects === undefined ? { distinct: true } : {}),
    create: (reading: Reading) => new PairsBlock(reading, grammar, objects),
  }
}

function stemOf(marker: string): string {
  return marker.slice(0, -1)
}

/** Reads one call, or a block of them. */
class PairsBlock implements FamilyReader {
  readonly expects: string
  private readonly tags: PairTags
  private readonly header: PairsHeader
  private made: TaggedCall | undefined
  private readonly wait: TagWait

  constructor(
    private readonly reading: Reading,
    private readonly grammar: PairsGrammar,
    /** Reads objects in place of names, if the format's own calls may be such. */
    private readonly objects: Family | undefined,
  ) {
    const { call, key } = grammar.syntax
    this.tags = new PairTags(grammar.syntax)
    this.header = new PairsHeader(reading, this.tags)
    this.wait = new TagWait(reading.cursor, this.tags)
    this.expects = `a name, and ${key[0]} or ${call[1]}`
  }

  /** Made for the first call that is read: while the format is not known, many readers are asked, and only one reads. */
  private get call(): TaggedCall {
    return (this.made ??= new TaggedCall(this.reading, taggedOf(this.grammar, this.tags), this.tags))
  }

  /** Takes in what goes on with the name or the marker in which a header ends so far, without a look at all of it. */
  get holdBack(): HoldBack | undefined {
    return this.tags.holdBack
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, out } = this.reading
    this.tags.inName = false
    const kind = this.kindOf(opener)
    const stem = this.stemAt(opener)
    if (stem === undefined || stem === WAIT) return stem === WAIT && !cursor.ended ? WAIT : false
    if (stem.isLoose && (kind !== 'block' || !out.settings.repair)) return false
    const isTold = this.tags.suffix !== undefined
    if (isTold && stem.suffix !== this.tags.suffix) return false
    // The first marker of a text tells the suffix of all.
    this.tags.suffix = stem.suffix
    const opens = this.opensAt(kind, stem.end)
    if (!isTold && opens !== true) this.tags.suffix = undefined
    return opens
  }

  /** How the marker of an opener continues. */
  private stemAt({ marker, stem }: Opener): Stem | undefined | typeof WAIT {
    const { window, at } = this.reading.cursor
    if (stem !== true) return { suffix: '', isLoose: false, end: at }
    return this.tags.stem(window, at, marker.endsWith(':') ? ':' : '')
  }

  private kindOf({ marker }: Opener): Opens {
    const { block, call } = this.grammar.syntax
    const isOf = (whole = '') => marker === whole || marker.replace(/:$/, '') === stemOf(whole)
    return isOf(call[0]) ? 'call' : isOf(block?.[0]) ? 'block' : 'key'
  }

  private opensAt(kind: Opens, at: number): boolean | typeof WAIT {
    const { reading } = this
    const { cursor, out } = reading
    if (kind === 'key') {
      if (reading.reasoning || reading.text.fenced || reading.text.inCode || out.refusesCalls) return false
      const tag = this.tags.behindKey(cursor.window, at)
      return tag === WAIT ? (cursor.ended ? false : WAIT) : !tag.broken
    }
    if (kind === 'call') return this.opensCall(at)
    let from = spaceEnd(cursor.window, at)
    for (let count = 0; count < MOST_BLOCKS && out.settings.repair; count++) {
      const again = this.tags.end(cursor.window, from, this.grammar.syntax.block?.[0] ?? '')
      if (again < 0) break
      from = spaceEnd(cursor.window, again)
    }
    if (from === cursor.window.length) return cursor.ended ? true : WAIT
    if (this.tags.end(cursor.window, from, this.grammar.syntax.block?.[0] ?? '') === WAIT && !cursor.ended) return WAIT
    const end = this.tags.end(cursor.window, from, this.grammar.syntax.call[0])
    if (end < 0) return end === WAIT ? cursor.ended || WAIT : false
    return this.opensCall(end)
  }

  /** `at`: behind the marker of a call. */
  private opensCall(at: number): boolean | typeof WAIT {
    if (this.objects !== undefined && this.objectAt(at)) return true
    const head = this.header.at(at)
    return head === WAIT ? WAIT : head !== undefined
  }

  private objectAt(at: number): boolean {
    const { window } = this.reading.cursor
    return window.charAt(spaceEnd(window, at)) === '{'
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const kind = this.kindOf(opener)
    if (kind === 'key') return yield* this.headless(from)
    const stem = this.stemAt(opener)
    if (typeof stem === 'object') cursor.at = stem.end
    if (kind === 'block') return yield* this.block(from, typeof stem === 'object' && stem.isLoose)
    yield* this.one(opener, from, [])
    return true
  }

  /** The call behind its marker. */
  private *one(opener: Opener, from: number, mended: readonly Repair[]): Read<CallEnd | 'cut'> {
    const { reading } = this
    const { cursor } = reading
    if (this.objects !== undefined && this.objectAt(cursor.at)) {
      while (cursor.skipSpace() === WAIT) yield
      yield* reading.reader(this.objects).read(opener, from)
      this.call.to = cursor.offset
      return 'closed'
    }
    let head: PairsHead | undefined | typeof WAIT
    while ((head = this.header.at(cursor.at)) === WAIT) yield
    if (head?.tag.name === undefined) {
      reading.out.mark('call')
      cursor.at = cursor.window.length
      reading.cut('the text ended before the name of a call', from)
      return 'cut'
    }
    const { evidence } = reading
    const end = yield* this.call.read(head.tag, {
      from,
      evidence,
      repairs: [...mended, ...head.repairs],
      guarded: false,
    })
    if (end === 'closed') this.call.to = yield* passClosers(reading, this.tags, this.call.to, this)
    return end
  }

  /** The calls of a block, to behind its close marker. */
  private *block(from: number, isLoose: boolean): Read<true> {
    const { cursor, out } = this.reading
    const [open] = this.grammar.syntax.call
    const mended: Repair[] = []
    if (isLoose) {
      const after = this.tags.openOf(this.tags.syntax.blocks[0] ?? '')
      mended.push({ kind: 'misspelt-marker', from, to: cursor.offset, before: cursor.since(from), after })
    }
    for (let count = 0; ; count++) {
      const tag = yield* this.next()
      if (count === 0 && tag !== undefined && tag !== 'cut' && tag.kind === 'block') {
        const again = cursor.offset
        cursor.at += tag.length
        mended.push({ kind: 'surplus-opener', from: again, to: cursor.offset, before: cursor.since(again), after: '' })
        count--
        continue
      }
      const at = cursor.offset
      const isCall = tag !== undefined && tag !== 'cut' && tag.kind === 'call' && (yield* this.isCall())
      if (isCall) {
        cursor.at = this.tags.end(cursor.window, cursor.at, open)
        const end = yield* this.one({ marker: open }, count === 0 ? from : at, count === 0 ? mended : [])
        if (end === 'closed') continue
        // Its end was the block's.
        if (end === 'block closed') cursor.rewind(this.call.to)
        return true
      }
      if (count === 0 || tag === 'cut') {
        out.mark('call')
        cursor.at = cursor.window.length
        this.reading.cut('the text ended before the name of a call', count === 0 ? from : at)
        return true
      }
      if (tag?.kind === 'block-end') {
        cursor.at += tag.length
        return true
      }
      const near = yield* this.nearBlockEnd()
      if (near > 0) {
        cursor.at += near
        const message = `${cursor.since(at)} closed the block, in a spelling other than the format's own`
        out.note('stray-marker', message, at, cursor.offset)
      } else cursor.rewind(this.call.to)
      return true
    }
  }

  /** Does a call begin at the marker at the cursor? */
  private *isCall(): Read<boolean> {
    const { cursor } = this.reading
    for (;;) {
      const opens = this.opensCall(this.tags.end(cursor.window, cursor.at, this.grammar.syntax.call[0]))
      if (opens !== WAIT) return opens
      yield
    }
  }

  private *nearBlockEnd(): Read<number> {
    const { cursor, out } = this.reading
    if (!out.settings.repair) return 0
    let near: ReturnType<PairTags['near']['at']>
    while ((near = this.tags.near.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
    if (near === undefined || near.name !== undefined) return 0
    // Any one closer, in the place of the block's.
    return near.kind === 'block' || (near.kind === undefined && near.isEnd) ? near.length : 0
  }

  /** Gives back keys and values whose call lost its header, with everything that their values quote. */
  private *headless(from: number): Read<false> {
    this.reading.cursor.rewind(from)
    const why = 'keys and values stand here without the header of a call'
    yield* giveBackParameters(this.reading, this.call, from, why)
    return false
  }

  /** The tag behind the white space. */
  private *next(): Read<Tag | 'cut' | undefined> {
    const { cursor } = this.reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code < 0) return undefined
    if (!this.wait.scan()) yield this.wait
    const tag = this.tags.at(cursor.window, cursor.at)
    // What the end of the text cuts in the name of a call may be one.
    return tag !== WAIT ? tag : this.tags.cut === 'call' ? 'cut' : undefined
  }
}

/** Openers of a block, one behind the other. */
const MOST_BLOCKS = 8
