import { beginsInHalf } from '../../recovery/raw-tail.js'
import { WAIT } from '../../text/cursor.js'
import type { NearTag, NearTags } from '../../text/tags.js'
import type { PairMarkers } from './pair-syntax.js'
import { PairWords, type Spelt } from './pair-words.js'

/** No header is longer. */
const LONGEST = 320

const SPACE = /(?:\\n|[ \t\r\n]){0,60}/y
/** To its bracket, the end of its line, or the next tag. */
const TAG = /<[^<>\n]{0,100}>?/y
const TEXT = /[^<\n]{1,128}/y
/** A tag without its bracket. */
const BARE_TAG = /\/?[A-Za-z_|:]{2,40}>/y
const KEY = /^[^\s<>/{}"'=\\]{1,128}$/
const CLOSE_WORD = /^<[ ]?\/[ ]?([\w.-]{1,80})[ ]?>$/

/**
 * Reads the damaged tags of calls of key and value elements. One with a key stands for a whole parameter's header, of
 * which one marker is missing or misspelt, or parted from the next by the two characters `\n`:
 *
 *     <arg_key>city</arg_key>Paris</arg_value>
 *     city</arg_key><arg_value>Paris</arg_value>
 *     <arg_key>city<arg_value>Paris</arg_value>
 *
 * One class in one file: each piece of a header is read from where the one before it ended, and may be what that one lacks.
 */
export class PairNear implements NearTags {
  private readonly words: PairWords
  private text = ''
  private place = 0
  /** The end of the text was looked at: more of it may change the answer. */
  private isOpen = false

  constructor(private readonly tags: PairMarkers) {
    this.words = new PairWords(tags.pairs)
  }

  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT {
    this.begin(text, start)
    const near = this.single('closer') ?? this.header() ?? this.single('any')
    return this.isOpen && !ended && this.text.length < LONGEST ? WAIT : near
  }

  closer(text: string, start: number, ended: boolean, key: string): NearTag | undefined | typeof WAIT {
    if (!this.mayClose(text, start + 1, key)) return undefined
    this.begin(text, start)
    const near = this.closeTag()
    return this.isOpen && !ended && this.text.length < LONGEST ? WAIT : near
  }

  private begin(text: string, start: number): void {
    this.text = text.slice(start, start + LONGEST)
    this.place = 0
    this.isOpen = false
  }

  /** A look at one or two characters, since code is full of brackets. */
  private mayClose(text: string, at: number, key: string): boolean {
    const i = text.charCodeAt(at) === 0x20 ? at + 1 : at
    const isSlash = text.charCodeAt(i) === 0x2f
    const next = text.charAt(text.charCodeAt(i + Number(isSlash)) === 0x20 ? i + 2 : i + Number(isSlash))
    if (next === '') return true
    const letter = next.toLowerCase()
    const own = this.tags.syntax.parameter.charAt(0)
    if (!isSlash)
      return own === '|'
        ? this.tags.syntax.parameter.startsWith(letter, Number(letter !== own))
        : letter === own && i === at + 1
    return 'pavs'.includes(letter) || letter === own || letter === key.charAt(0).toLowerCase()
  }

  /** A close marker, or what may stand in the place of one. */
  private single(what: 'closer' | 'any'): NearTag | undefined {
    this.place = 0
    this.take(SPACE)
    const from = this.place
    if (this.text.charAt(from) !== '<') {
      const bare = this.take(BARE_TAG)
      const spelt = bare === undefined ? undefined : this.words.spelt(bare, 'exactly')
      if (spelt !== undefined && spelt.kind !== 'key' && this.isEnd(spelt, bare ?? '')) return this.nearOf(spelt, true)
      this.place = from
      return undefined
    }
    const near = this.closeTag()
    if (near === undefined) this.place = from
    return what === 'any' || near?.isEnd === true ? near : undefined
  }

  private closeTag(): NearTag | undefined {
    const tag = this.take(TAG)
    if (tag === undefined) return undefined
    const isOpen = this.place === this.text.length && !tag.endsWith('>')
    // What the text ends in may go on as any other word, and behind a blank as a sentence.
    if (isOpen && tag.trimEnd() !== tag) return undefined
    const spelt = this.words.spelt(tag, isOpen ? 'exactly' : 'nearly')
    if (spelt === undefined) {
      const word = CLOSE_WORD.exec(tag)?.[1]
      return word === undefined ? undefined : { ...this.nearOf(undefined, true), word }
    }
    const isEnd = this.isEnd(spelt, tag)
    // What follows a key's marker tells whether it begins a header, and one of a call without its slash whether it opens one.
    const isCall = spelt.kind === 'call' && !isEnd
    if ((spelt.kind === 'key' || isCall) && !this.isBehindTag()) return undefined
    if (isCall && isOpen) return undefined
    return this.nearOf(spelt, isEnd)
  }

  /** Nothing but white space and then a bracket, or the end, stands here. */
  private isBehindTag(): boolean {
    const at = this.place
    this.take(SPACE)
    const next = this.text.charAt(this.place)
    this.place = at
    return next === '<' || next === ''
  }

  private isEnd({ isEnd }: Spelt, tag: string): boolean {
    return isEnd || /^<?[ ]?\//.test(tag)
  }

  private nearOf(spelt: Spelt | undefined, isEnd: boolean): NearTag {
    const kind =
      spelt === undefined ? undefined : spelt.kind === 'call' || spelt.kind === 'block' ? spelt.kind : 'parameter'
    return { ...PLAIN, kind, isEnd, length: this.place }
  }

  /** The header of a parameter, two of whose three markers are whole (one of two, where the key's closer opens the value). */
  private header(): NearTag | undefined {
    const { key, value } = this.tags.pairs
    this.place = 0
    this.take(SPACE)
    let whole = 0
    let name: string | undefined
    let isClosed = false
    /** Where the key is looked for: its letters may stand in the markers too. */
    let from = this.place
    if (this.text.charAt(from) === '<') {
      const opener = this.opener()
      if (opener === undefined) return undefined
      whole += Number(opener === 'whole')
      if (opener.startsWith('=')) {
        name = opener.slice(1)
        from += key[0].length - 1
      } else from = this.place
    }
    if (name === undefined) {
      let text = this.take(TEXT) ?? ''
      const open = key[0].slice(1)
      if (text.startsWith(open)) {
        text = text.slice(open.length)
        from += open.length
      }
      const close = key[1].slice(1)
      if (text.endsWith(close)) {
        text = text.slice(0, -close.length)
        isClosed = true
      }
      name = text.trim()
    }
    if (!KEY.test(name)) return undefined
    const nameFrom = this.text.indexOf(name, from)
    if (!isClosed) {
      const closer = this.keyCloser()
      if (closer === undefined) return undefined
      whole += Number(closer === 'whole')
    }
    const opener = value[0] === '' ? 'none' : this.valueOpener()
    whole += Number(opener === 'whole' || opener === 'doubled')
    if (whole < (value[0] === '' ? 1 : 2)) return undefined
    return {
      ...PLAIN,
      kind: 'parameter',
      name,
      nameFrom,
      nameTo: nameFrom + name.length,
      length: this.place,
      isDoubtful: opener === 'unknown' || opener === 'doubled' || this.isBehindHalf(),
    }
  }

  /** Another marker of a header stands where the value begins, or what is left of one. */
  private isBehindHalf(): boolean {
    const { key, value } = this.tags.pairs
    const at = this.place
    this.take(SPACE)
    const isMarker = [...key, value[0]].some((marker) => marker !== '' && this.stands(marker))
    const half = beginsInHalf(this.text.slice(this.place))
    if (half === WAIT) this.isOpen = true
    this.place = at
    return isMarker || half === true
  }

  /** What stands where a key opens: its marker, another tag, or `=KEY` where the marker's bracket is missing. */
  private opener(): string | undefined {
    const [open] = this.tags.pairs.key
    if (this.takeMarker(open)) {
      const at = this.place
      this.take(SPACE)
      if (!this.takeMarker(open)) this.place = at
      return 'whole'
    }
    const tag = this.take(TAG) ?? ''
    if (tag.endsWith('>')) {
      const spelt = this.words.spelt(tag)
      return spelt !== undefined && spelt.kind !== 'key' && (spelt.kind !== 'call' || this.isEnd(spelt, tag))
        ? undefined
        : 'other'
    }
    const stem = open.slice(0, -1)
    return tag.toLowerCase().startsWith(stem) ? `=${tag.slice(stem.length).trim()}` : undefined
  }

  private keyCloser(): 'whole' | 'other' | 'none' | undefined {
    const [, close] = this.tags.pairs.key
    const [open] = this.tags.pairs.value
    const from = this.place
    this.take(SPACE)
    if (this.takeMarker(close)) {
      const at = this.place
      this.take(SPACE)
      if (!this.takeMarker(close)) this.place = at
      return 'whole'
    }
    if (open !== '' && this.stands(open)) return 'none'
    this.place = from
    this.take(SPACE)
    const at = this.place
    const tag = this.take(TAG)
    if (tag === undefined) return undefined
    // Its bracket is missing: the value, or its marker, stands right behind it.
    const stem = close.slice(0, -1)
    if (!tag.endsWith('>')) {
      this.place = at + stem.length
      return tag.toLowerCase().startsWith(stem) ? 'other' : undefined
    }
    const spelt = this.words.spelt(tag)
    return spelt === undefined || spelt.kind === 'key' ? 'other' : undefined
  }

  private valueOpener(): 'whole' | 'doubled' | 'other' | 'none' | 'unknown' {
    const [open] = this.tags.pairs.value
    const from = this.place
    this.take(SPACE)
    const at = this.place
    if (this.takeMarker(open)) {
      const to = this.place
      this.take(SPACE)
      const isDoubled = this.stands(open)
      this.place = to
      return isDoubled ? 'doubled' : 'whole'
    }
    if (at < this.text.length && open.startsWith(this.text.slice(at), 1)) this.isOpen = true
    if (this.text.startsWith(open.slice(1), at)) {
      this.place = at + open.length - 1
      return 'other'
    }
    // Both of its brackets are missing, or the value begins with its word.
    if (this.text.startsWith(open.slice(1, -1), at)) {
      this.place = this.lineEnd(from)
      return 'unknown'
    }
    const tag = this.take(TAG)
    const stem = open.slice(0, -1)
    if (tag === undefined) {
      this.place = this.lineEnd(from)
      return 'none'
    }
    const spelt = this.words.spelt(tag)
    if (tag.endsWith('>') && spelt?.kind === 'value' && !this.isEnd(spelt, tag)) return 'other'
    if (tag.toLowerCase().startsWith(stem)) {
      // With attributes, as no format has them: what they say belongs to nothing.
      if (tag.endsWith('>') && /\s/.test(tag.charAt(stem.length))) return 'unknown'
      this.place = at + stem.length
      // Another bracket in place of the one that is missing, or before the value's own.
      return this.text.charAt(this.place) === '<' ? 'unknown' : 'other'
    }
    this.place = this.lineEnd(from)
    return 'unknown'
  }

  /** The index behind the line break at `at`: there it is the separator of a key and a value, in every layout. */
  private lineEnd(at: number): number {
    const length = /^(?:\r?\n|\\n)?/.exec(this.text.slice(at, at + 2))?.[0].length ?? 0
    return at + length
  }

  private stands(marker: string): boolean {
    const at = this.place
    const stands = this.takeMarker(marker)
    this.place = at
    return stands
  }

  private takeMarker(marker: string): boolean {
    const end = this.tags.end(this.text, this.place, marker)
    if (end === WAIT) this.isOpen = true
    if (end < 0) return false
    this.place = end
    return true
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.place
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) {
      if (this.place === this.text.length) this.isOpen = true
      return undefined
    }
    this.place += found.length
    // Half of a line break that is written out.
    if (pattern === SPACE && this.place === this.text.length - 1 && this.text.endsWith('\\')) this.isOpen = true
    // A whole tag stays what it is.
    if (this.place === this.text.length && !(pattern !== TEXT && found.endsWith('>'))) this.isOpen = true
    return found
  }
}

const PLAIN: NearTag = {
  kind: undefined,
  word: '',
  isEnd: false,
  isOpen: true,
  hasToken: true,
  name: undefined,
  nameFrom: 0,
  nameTo: 0,
  value: undefined,
  length: 0,
  isClosed: true,
  isJunk: false,
}
