import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { HoldBack } from '../../text/step.js'
import { type Tag, type TagKind, type TagSyntax, tagOf } from '../../text/tag.js'
import type { Tags } from '../../text/tags.js'
import { isNameCode, isSuffixCode, LONGEST_SUFFIX, literal, suffixEnd } from './pair-characters.js'
import { type MarkerKind, markersWith, type SharedMarkers, sharedMarkers, withSuffix } from './pair-markers.js'
import { PairNear } from './pair-near.js'
import { type PairMarkers, type PairSyntax, spaceEnd } from './pair-syntax.js'

/** No name or key is longer. */
const LONGEST_NAME = 256
/** No type has a longer name. */
const LONGEST_TYPE = 64

/** What names do not begin with: JSON, lists, prose in quotes. */
const NO_NAME = '[]()"\'`*✿,;'

const LT = 0x3c
const GT = 0x3e
const COLON = 0x3a
const LF = 0x0a

/** What follows the stem of a marker. */
export interface Stem {
  readonly suffix: string
  readonly end: number
  /** Its bracket is missing, or not written right behind it. */
  readonly isLoose: boolean
}

/**
 * Reads calls of key and value elements as tags: `<tool_call>NAME` is the tag of a call, `<arg_key>KEY</arg_key><arg_value>`
 * that of a parameter. So everything that reads raw values behind tags reads these. One class in one file: each marker is
 * compared with the suffix of the text, and with where the last one was cut.
 */
export class PairTags implements Tags, PairMarkers, HoldBack {
  cut: TagKind | undefined
  readonly syntax: TagSyntax
  /** After `WAIT`: what the text ends in is known, so more of it may be absorbed. */
  inName = false
  /** How much of the tag has come. */
  private length = 0
  private told: string | undefined
  private readonly shared: SharedMarkers
  /** Finds the markers, once their suffix is known. */
  private matcher: Matcher<MarkerKind> | undefined
  private start = 0
  /** Index behind the marker that `kindAt` found. */
  markerEnd = 0
  /** The last question, and its answer: callers ask twice about the text behind a close marker. */
  private asked: string | undefined
  private answer: Tag | undefined | typeof WAIT
  /** What is missing of the marker in which the text ends; empty if it ends in a name or a key. */
  private rest: string | Matcher<MarkerKind> = ''
  private nearTags: PairNear | undefined

  constructor(readonly pairs: PairSyntax) {
    this.shared = sharedMarkers(pairs)
    this.syntax = this.shared.syntax
    if (pairs.suffixes === undefined) this.suffix = ''
  }

  /** What ends every marker; undefined until the first marker shows it. */
  get suffix(): string | undefined {
    return this.told
  }

  set suffix(suffix: string | undefined) {
    if (suffix === this.told) return
    this.told = suffix
    this.asked = undefined
    this.matcher = suffix === undefined ? undefined : new Matcher(markersWith(suffix, this.shared))
  }

  get near(): PairNear {
    this.nearTags ??= new PairNear(this)
    return this.nearTags
  }

  at(text: string, start: number): Tag | undefined | typeof WAIT {
    if (start === this.start && text === this.asked) return this.answer
    this.begin(start)
    this.asked = text
    return (this.answer = this.read(text, start))
  }

  /** What the marker at `start` is, without what follows it; undefined if none stands there, or `WAIT`. */
  kindAt(text: string, start: number): MarkerKind | undefined | typeof WAIT {
    const { matcher, shared } = this
    this.begin(start)
    if (text.charCodeAt(start) !== LT) return undefined
    if (start + 1 === text.length) return WAIT
    // Code is full of `<`, which the next character tells from a marker.
    if (!shared.initials.includes(text.charAt(start + 1))) return undefined
    if (matcher === undefined) return this.unsuffixed(text, start)
    if (!matcher.at(text, start, false)) return undefined
    if (matcher.hit === undefined) return this.waitFor(matcher)
    this.markerEnd = matcher.end
    return matcher.hit
  }

  /** The same while the suffix is not known. */
  private unsuffixed(text: string, start: number): MarkerKind | undefined | typeof WAIT {
    let waiting = false
    for (const [marker, kind] of this.shared.markers) {
      const end = this.end(text, start, marker)
      if (end === WAIT) waiting = true
      if (end < 0) continue
      this.markerEnd = end
      return kind
    }
    return waiting ? WAIT : undefined
  }

  private read(text: string, start: number): Tag | undefined | typeof WAIT {
    const kind = this.kindAt(text, start)
    if (kind === undefined || kind === WAIT) return kind
    if (kind === 'call') return this.call(text, this.markerEnd)
    if (kind === 'key') return this.parameter(text, this.markerEnd)
    return this.tag(kind === 'value' ? 'parameter' : kind, this.markerEnd)
  }

  private begin(start: number): void {
    this.cut = this.asked = undefined
    this.inName = false
    this.start = start
  }

  /** Remembers what the text ends in. `text`: where that is a name. */
  private waitFor(rest: string | Matcher<MarkerKind>, text = ''): typeof WAIT {
    this.inName = true
    this.length = text.length - this.start
    this.rest = rest
    return WAIT
  }

  /** The same for the marker at `at`. */
  private waitForMarker(text: string, at: number, marker: string): typeof WAIT {
    return this.suffix === undefined ? WAIT : this.waitFor(this.spelt(marker).slice(text.length - at))
  }

  get holdBack(): HoldBack | undefined {
    return this.inName ? this : undefined
  }

  absorbs(text: string): boolean {
    const { rest } = this
    if (typeof rest !== 'string') return rest.absorbs(text)
    if (rest !== '') {
      if (text.length >= rest.length || !rest.startsWith(text)) return false
      this.rest = rest.slice(text.length)
      return true
    }
    const length = this.length + text.length
    if (length >= LONGEST_NAME) return false
    for (let i = 0; i < text.length; i++) if (!isNameCode(text.charCodeAt(i))) return false
    this.length = length
    return true
  }

  /** The rest of a call's tag, behind its marker. */
  behindStem(text: string, at: number): Tag | typeof WAIT {
    this.begin(at)
    return this.call(text, at)
  }

  /** The rest of a parameter's tag, behind the marker of its key. */
  behindKey(text: string, at: number): Tag | typeof WAIT {
    this.begin(at)
    return this.parameter(text, at)
  }

  openOf(word: string, name = ''): string {
    const { block, call, nameEnd = '', key, value, space = '' } = this.pairs
    if (word === this.syntax.call) return this.spelt(call[0]) + name + this.spelt(nameEnd)
    if (word === this.syntax.parameter)
      return `${this.spelt(key[0])}${name}${this.spelt(key[1])}${space}${this.spelt(value[0])}`
    return this.spelt(block?.[0] ?? '')
  }

  closeOf(word: string): string {
    const { block, call, value } = this.pairs
    return this.spelt(
      word === this.syntax.call ? call[1] : word === this.syntax.parameter ? value[1] : (block?.[1] ?? ''),
    )
  }

  end(text: string, at: number, marker: string): number {
    if (this.suffix === '') return literal(text, at, marker)
    if (this.suffix !== undefined) return literal(text, at, this.spelt(marker))
    const end = literal(text, at, marker.slice(0, -1))
    return end < 0 ? end : suffixEnd(text, end)
  }

  /** The rest of a marker, of which only the stem was an opener: its suffix and its bracket, which may be missing. `lead`: what the opener has of it. */
  stem(text: string, at: number, lead: string): Stem | undefined | typeof WAIT {
    let i = at
    if (lead === ':' || (this.pairs.suffixes !== undefined && text.charCodeAt(i) === COLON)) {
      if (lead === '') i++
      while (i < text.length && i - at < LONGEST_SUFFIX && isSuffixCode(text.charCodeAt(i))) i++
    }
    const suffix = lead + text.slice(at, i)
    if (i < text.length && this.suffix !== undefined && suffix !== this.suffix) return undefined
    if (text.charCodeAt(i) === GT) return { suffix, end: i + 1, isLoose: false }
    while (i < text.length && ' /'.includes(text.charAt(i))) if (++i - at > LONGEST_SUFFIX + 2) return undefined
    if (i >= text.length) return WAIT
    const code = text.charCodeAt(i)
    if (code !== GT && code !== LT && code !== LF && code !== 0x0d) return undefined
    return { suffix, end: code === GT ? i + 1 : i, isLoose: true }
  }

  /** A marker with the suffix of the text. */
  private spelt(marker: string): string {
    const { suffix = '' } = this
    return suffix === '' || marker === '' ? marker : withSuffix(marker, suffix)
  }

  /** NAME, and what only a call has behind it: a key, or its end. */
  private call(text: string, at: number): Tag | typeof WAIT {
    this.cut = 'call'
    const { call, nameEnd, key } = this.pairs
    const nameFrom = spaceEnd(text, at)
    let i = nameFrom
    if (NO_NAME.includes(text.charAt(i) || 'a')) return this.tag('call', at, { broken: true })
    while (i < text.length && i - nameFrom < LONGEST_NAME && isNameCode(text.charCodeAt(i))) i++
    if (i === text.length) return i === nameFrom ? WAIT : this.waitFor('', text)
    if (i === nameFrom) return this.tag('call', at, { broken: true })
    const nameTo = i
    let next = spaceEnd(text, i)
    if (nameEnd !== undefined) {
      const end = this.end(text, next, nameEnd)
      if (end === WAIT) return this.waitForMarker(text, next, nameEnd)
      if (end > 0) {
        i = end
        next = spaceEnd(text, end)
      }
    }
    if (next === text.length) return WAIT
    const keyEnd = this.end(text, next, key[0])
    const callEnd = keyEnd > 0 ? keyEnd : this.end(text, next, call[1])
    if (callEnd < 0 && (keyEnd === WAIT || callEnd === WAIT))
      return keyEnd === callEnd ? WAIT : this.waitForMarker(text, next, keyEnd === WAIT ? key[0] : call[1])
    const name = text.slice(nameFrom, nameTo)
    // A backslash is what is left of a line break.
    const broken = callEnd < 0 || name.includes('\\')
    return this.tag('call', i, { name, nameFrom: nameFrom - this.start, nameTo: nameTo - this.start, broken })
  }

  /** KEY, its closer, and the opener of the value. */
  private parameter(text: string, at: number): Tag | typeof WAIT {
    this.cut = 'parameter'
    const { key, type, value } = this.pairs
    const from = spaceEnd(text, at)
    let to = from
    for (; to - from < LONGEST_NAME; to++) {
      if (to >= text.length) return this.waitFor('', text)
      const code = text.charCodeAt(to)
      if (code === LT) break
      if (
        code === GT ||
        (code === LF && spaceEnd(text, to) < text.length && text.charCodeAt(spaceEnd(text, to)) !== LT)
      )
        return this.tag('parameter', at, { broken: true })
    }
    let end = this.end(text, to, key[1])
    if (end === WAIT) return this.waitForMarker(text, to, key[1])
    if (end < 0) return this.tag('parameter', at, { broken: true })
    while (to > from && isSpace(text.charCodeAt(to - 1))) to--
    let wireType: string | undefined
    if (type !== undefined) {
      const typed = this.typeEnd(text, end)
      if (typed === WAIT) return WAIT
      if (typeof typed === 'object') {
        wireType = typed.name
        end = typed.end
      }
    }
    if (value[0] !== '') {
      const opener = spaceEnd(text, end)
      end = this.end(text, opener, value[0])
      if (end === WAIT) return this.waitForMarker(text, opener, value[0])
      if (end < 0) return this.tag('parameter', at, { broken: true })
    }
    if (from === to) return this.tag('parameter', end, { broken: true })
    const [nameFrom, nameTo] = [from - this.start, to - this.start]
    return this.tag('parameter', end, { name: text.slice(from, to), nameFrom, nameTo, type: wireType })
  }

  /** `<ifm|arg_type>array[string]</ifm|arg_type>`: the word before the bracket counts. */
  private typeEnd(text: string, at: number): { name: string; end: number } | undefined | typeof WAIT {
    const [open, close] = this.pairs.type ?? ['', '']
    const from = this.end(text, spaceEnd(text, at), open)
    if (from < 0) return from === WAIT ? WAIT : undefined
    let to = from
    while (to < text.length && to - from < LONGEST_TYPE && text.charCodeAt(to) !== LT) to++
    const end = this.end(text, to, close)
    if (end < 0) return to === text.length || end === WAIT ? WAIT : undefined
    return { name: text.slice(from, to).trim().split('[', 1)[0] ?? '', end }
  }

  private tag(kind: TagKind, end: number, more: Partial<Tag> = {}): Tag {
    return tagOf(kind, end - this.start, more)
  }
}
