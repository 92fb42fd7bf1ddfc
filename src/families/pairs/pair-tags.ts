import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { type Tag, type TagKind, type TagSyntax, tagOf } from '../../text/tag.js'
import type { Tags } from '../../text/tags.js'
import { PairNear } from './pair-near.js'
import { type PairMarkers, type PairSyntax, spaceEnd, wordOf } from './pair-syntax.js'

/** No name or key is longer. */
const LONGEST_NAME = 256
/** No type has a longer name. */
const LONGEST_TYPE = 64
const LONGEST_SUFFIX = 33
const NONE = -3

/** What names do not begin with: JSON, lists, prose in quotes. */
const NO_NAME = '[]()"\'`*✿,;'

const LT = 0x3c
const GT = 0x3e
const COLON = 0x3a
const LF = 0x0a

type MarkerKind = 'block' | 'block-end' | 'call' | 'call-end' | 'key' | 'value' | 'parameter-end'

/** What follows the stem of a marker. */
export interface Stem {
  readonly suffix: string
  readonly end: number
  /** Its bracket is missing, or not written right behind it. */
  readonly isLoose: boolean
}

/**
 * Reads calls of key and value elements as tags: `<tool_call>NAME` is the tag of a call, `<arg_key>KEY</arg_key><arg_value>`
 * that of a parameter. So everything that reads raw values behind tags reads these.
 */
export class PairTags implements Tags, PairMarkers {
  cut: TagKind | undefined
  readonly syntax: TagSyntax
  /** What ends every marker; undefined until the first marker shows it. */
  suffix: string | undefined
  private readonly markers: readonly (readonly [string, MarkerKind])[]
  /** What stands behind their brackets. */
  private readonly initials: string
  private start = 0
  private nearTags: PairNear | undefined

  constructor(readonly pairs: PairSyntax) {
    const { block, call, key, value } = pairs
    this.suffix = pairs.suffixes === undefined ? '' : undefined
    this.syntax = {
      names: 'elements',
      blocks: block === undefined ? [] : [wordOf(block[0])],
      call: wordOf(call[0]),
      parameter: wordOf(value[1]),
    }
    const all: [string, MarkerKind][] = [
      [key[0], 'key'],
      [value[1], 'parameter-end'],
      [call[0], 'call'],
      [call[1], 'call-end'],
    ]
    if (value[0] !== '') all.push([value[0], 'value'])
    if (block !== undefined) all.push([block[0], 'block'], [block[1], 'block-end'])
    this.markers = all
    this.initials = [...new Set(all.map(([marker]) => marker.charAt(1)))].join('')
  }

  get near(): PairNear {
    this.nearTags ??= new PairNear(this)
    return this.nearTags
  }

  at(text: string, start: number): Tag | undefined | typeof WAIT {
    this.cut = undefined
    this.start = start
    if (text.charCodeAt(start) !== LT) return undefined
    if (start + 1 === text.length) return WAIT
    // Code is full of `<`, which the next character tells from a marker.
    if (!this.initials.includes(text.charAt(start + 1))) return undefined
    let waiting = false
    for (const [marker, kind] of this.markers) {
      const end = this.end(text, start, marker)
      if (end === WAIT) waiting = true
      if (end < 0) continue
      if (kind === 'call') return this.call(text, end)
      if (kind === 'key') return this.parameter(text, end)
      return this.tag(kind === 'value' ? 'parameter' : kind, end)
    }
    return waiting ? WAIT : undefined
  }

  /** The rest of a call's tag, behind its marker. */
  behindStem(text: string, at: number): Tag | typeof WAIT {
    this.cut = undefined
    this.start = at
    return this.call(text, at)
  }

  /** The rest of a parameter's tag, behind the marker of its key. */
  behindKey(text: string, at: number): Tag | typeof WAIT {
    this.start = at
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
    return suffix === '' || marker === '' ? marker : `${marker.slice(0, -1)}${suffix}>`
  }

  /** NAME, and what only a call has behind it: a key, or its end. */
  private call(text: string, at: number): Tag | typeof WAIT {
    this.cut = 'call'
    const { call, nameEnd, key } = this.pairs
    const nameFrom = spaceEnd(text, at)
    let i = nameFrom
    if (NO_NAME.includes(text.charAt(i) || 'a')) return this.tag('call', at, { broken: true })
    while (i < text.length && i - nameFrom < LONGEST_NAME && isNameCode(text.charCodeAt(i))) i++
    if (i === text.length) return WAIT
    if (i === nameFrom) return this.tag('call', at, { broken: true })
    const name = { name: text.slice(nameFrom, i), nameFrom: nameFrom - this.start, nameTo: i - this.start }
    let next = spaceEnd(text, i)
    if (nameEnd !== undefined) {
      const end = this.end(text, next, nameEnd)
      if (end === WAIT) return WAIT
      if (end > 0) {
        i = end
        next = spaceEnd(text, end)
      }
    }
    if (next === text.length) return WAIT
    const ends = [this.end(text, next, key[0]), this.end(text, next, call[1])]
    // A backslash is what is left of a line break.
    if (ends.some((end) => end > 0)) return this.tag('call', i, { ...name, broken: name.name.includes('\\') })
    return ends.includes(WAIT) ? WAIT : this.tag('call', i, { ...name, broken: true })
  }

  /** KEY, its closer, and the opener of the value. */
  private parameter(text: string, at: number): Tag | typeof WAIT {
    this.cut = 'parameter'
    const { key, type, value } = this.pairs
    const from = spaceEnd(text, at)
    let to = from
    for (; to - from <= LONGEST_NAME; to++) {
      if (to >= text.length) return WAIT
      const code = text.charCodeAt(to)
      if (code === LT) break
      if (
        code === GT ||
        (code === LF && spaceEnd(text, to) < text.length && text.charCodeAt(spaceEnd(text, to)) !== LT)
      )
        return this.tag('parameter', at, { broken: true })
    }
    let end = this.end(text, to, key[1])
    if (end < 0) return end === WAIT ? WAIT : this.tag('parameter', at, { broken: true })
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
      end = this.end(text, spaceEnd(text, end), value[0])
      if (end === WAIT) return WAIT
      if (end < 0) return this.tag('parameter', at, { broken: true })
    }
    if (from === to) return this.tag('parameter', end, { broken: true })
    const name = { name: text.slice(from, to), nameFrom: from - this.start, nameTo: to - this.start }
    return this.tag('parameter', end, { ...name, type: wireType })
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

/** The index behind `word`, if it stands at `at`; `WAIT` if the text ends inside of it; `NONE`. */
function literal(text: string, at: number, word: string): number {
  if (text.startsWith(word, at)) return at + word.length
  return text.length - at < word.length && word.startsWith(text.slice(at)) ? WAIT : NONE
}

/** `:6124c78e>`, or a bracket alone. */
function suffixEnd(text: string, at: number): number {
  for (let i = at; i <= at + LONGEST_SUFFIX; i++) {
    if (i >= text.length) return WAIT
    const code = text.charCodeAt(i)
    if (code === GT) return i + 1
    if (i === at ? code !== COLON : !isSuffixCode(code)) return NONE
  }
  return NONE
}

/** Neither white space nor a bracket. */
function isNameCode(code: number): boolean {
  return code > 32 && code !== LT && code !== GT && code !== 0x7b
}

function isSuffixCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x5f
  )
}
