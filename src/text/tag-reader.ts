import { isBlank, isSpace } from './characters.js'
import { WAIT } from './cursor.js'
import { CutTag } from './cut-tag.js'
import { NearTagReader } from './near-tag.js'
import type { HoldBack } from './step.js'
import { type Tag, type TagBeginning, type TagKind, type TagSyntax, type TagWord, tagOf, wordsOf } from './tag.js'
import { isWordCode, readAttributes } from './tag-attributes.js'
import type { Tags } from './tags.js'

/** Nothing longer is taken for a tag, so that little is held back while one comes. */
const LONGEST_TAG = 256
const LONGEST_LOOSE_END = 12

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const EQUALS = 0x3d
const SPACE = 0x20
const LF = 0x0a

/** The kinds of close tags. Not made of the word, since a string that is made each time is compared letter by letter. */
const ENDS = { block: 'block-end', call: 'call-end', parameter: 'parameter-end' } as const

/**
 * Reads one tag of a syntax, looking at a bounded stretch of text and without regular expressions. Only the last answer
 * is remembered from one tag to the next, since callers ask twice about the text behind a close marker.
 */
export class TagReader implements Tags {
  cut: TagKind | undefined
  readonly near: NearTagReader
  private readonly words: readonly TagWord[]
  private readonly cutTag: CutTag
  /** The first letters of `words`. */
  private readonly initials: string
  /** Special tokens in the place of tags. */
  private readonly marks: readonly (readonly [string, TagKind])[]
  private start = 0
  /** The last question, and its answer. */
  private asked: string | undefined
  private answer: Tag | undefined | typeof WAIT

  constructor(
    readonly syntax: TagSyntax,
    private readonly lenient: boolean,
  ) {
    this.words = wordsOf(syntax)
    this.cutTag = new CutTag(syntax, LONGEST_TAG)
    this.near = new NearTagReader(syntax)
    this.marks = marksOf(syntax)
    this.initials = this.words.map(([word]) => word.charAt(0)).join('')
  }

  closeOf(word: string): string {
    if (word === '' && this.syntax.blockMarks !== undefined) return this.syntax.blockMarks.close
    return `</${this.prefix}${word}>`
  }

  openOf(word: string, name?: string, more = ''): string {
    if (word === '' && this.syntax.blockMarks !== undefined) return this.syntax.blockMarks.open
    const named = name === undefined ? '' : this.syntax.names === 'equals' ? `=${name}` : ` name="${name}"`
    return `<${this.prefix}${word}${named}${more}>`
  }

  private get prefix(): string {
    const { token } = this.syntax
    return token === undefined ? '' : token.pipes.charAt(0) + token.word + token.pipes.charAt(0) + (token.space ?? '')
  }

  at(text: string, start: number): Tag | undefined | typeof WAIT {
    if (start === this.start && text === this.asked) return this.answer
    this.cut = undefined
    this.start = start
    this.asked = text
    const beginning = this.cutTag.at(text, start)
    const tag = beginning === undefined ? undefined : this.behind(text, beginning)
    return (this.answer = tag ?? this.read(text, start))
  }

  /** The tag that begins as the format writes it. Undefined where only a closer look tells. */
  private behind(text: string, { kind, isEnd, length }: TagBeginning): Tag | undefined | typeof WAIT {
    const end = this.start + length
    if (end < text.length) return isEnd ? this.end(text, end, kind) : this.opening(text, end, kind)
    this.cut = isEnd ? ENDS[kind] : kind
    return WAIT
  }

  get holdBack(): HoldBack | undefined {
    return this.answer === WAIT ? this.cutTag.holdBack : undefined
  }

  private read(text: string, start: number): Tag | undefined | typeof WAIT {
    if (text.charCodeAt(start) !== LT) return undefined
    const mark = this.marks.length === 0 ? undefined : this.markAt(text, start)
    if (mark !== undefined) return mark
    let i = start + 1
    if (this.syntax.token === undefined) {
      const isEnd = text.charCodeAt(i) === SLASH
      return i === text.length ? WAIT : this.word(text, isEnd ? i + 1 : i, isEnd)
    }
    i = this.space(text, i)
    const isEnd = text.charCodeAt(i) === SLASH
    if (isEnd) i = this.space(text, i + 1)
    i = this.pipes(text, i)
    if (i >= 0) i = literal(text, this.space(text, i), this.syntax.token.word)
    return i < 0 ? (i === WAIT ? WAIT : undefined) : this.behindToken(text, i, isEnd)
  }

  /** A special token in the place of a tag. */
  private markAt(text: string, start: number): Tag | undefined | typeof WAIT {
    let waiting = false
    for (const [mark, kind] of this.marks) {
      const end = literal(text, start, mark)
      if (end > 0) return this.tag(kind, end, kind === 'call' || kind === 'call-end' ? { name: '' } : {})
      if (end !== WAIT) continue
      waiting = true
      this.cut = kind
    }
    return waiting ? WAIT : undefined
  }

  behindStem(text: string, at: number): Tag | undefined | typeof WAIT {
    this.cut = undefined
    this.start = at
    this.asked = undefined
    this.cutTag.behindStem(text, at)
    return (this.answer = this.readBehindStem(text, at))
  }

  private readBehindStem(text: string, at: number): Tag | undefined | typeof WAIT {
    if (this.syntax.token !== undefined) return this.behindToken(text, at, false)
    if (this.syntax.names === 'attribute') return this.attributes(text, at, 'call')
    return this.equalName(text, at, 'call')
  }

  private behindToken(text: string, at: number, isEnd: boolean): Tag | undefined | typeof WAIT {
    let i = this.pipes(text, this.space(text, at))
    if (i < 0) return i === WAIT ? WAIT : undefined
    // DeepSeek V4.1 writes a space here.
    for (let spaces = 0; spaces < 4 && isSpace(text.charCodeAt(i)); spaces++) i++
    return this.word(text, i, isEnd)
  }

  private space(text: string, i: number): number {
    return this.lenient && text.charCodeAt(i) === SPACE ? i + 1 : i
  }

  /** The index behind one pipe; in lenient reading behind any kind of pipe, single or doubled. */
  private pipes(text: string, i: number): number {
    const pipes = this.syntax.token?.pipes ?? ''
    if (i >= text.length) return WAIT
    const pipe = text.charAt(i)
    if (!(this.lenient ? pipes.includes(pipe) : pipes.startsWith(pipe))) return NONE
    if (!this.lenient) return i + 1
    if (i + 1 >= text.length) return WAIT
    return text.charAt(i + 1) === pipe ? i + 2 : i + 1
  }

  private word(text: string, at: number, isEnd: boolean): Tag | undefined | typeof WAIT {
    if (at >= text.length) return WAIT
    // Code is full of `<`; the next character mostly shows that it does not begin a tag.
    if (this.syntax.token === undefined && !this.initials.includes(text.charAt(at))) return undefined
    let waiting = false
    const first = text.charCodeAt(at)
    for (let i = 0; i < this.words.length; i++) {
      const [word, kind] = this.words[i] as TagWord
      // The first letter rules out most words: comparing all of them took a fifth of the time of small calls.
      if (word.charCodeAt(0) !== first) continue
      const end = literal(text, at, word)
      if (end === WAIT) waiting = true
      if (end < 0) continue
      if (end >= text.length) {
        this.cut = isEnd ? ENDS[kind] : kind
        waiting = true
        continue
      }
      const tag = isEnd ? this.end(text, end, kind) : this.opening(text, end, kind)
      if (tag !== undefined) return tag
    }
    return waiting ? WAIT : this.otherWord(text, at, isEnd)
  }

  private end(text: string, at: number, kind: 'block' | 'call' | 'parameter'): Tag | undefined | typeof WAIT {
    this.cut = ENDS[kind]
    let i = at
    if (this.syntax.token !== undefined && this.lenient) i = this.space(text, i)
    if (text.charCodeAt(i) === GT) return this.tag(ENDS[kind], i + 1)
    if (i >= text.length) return WAIT
    if (kind !== 'parameter' || this.syntax.looseEnds !== true || !this.lenient) return undefined
    for (; i <= at + LONGEST_LOOSE_END; i++) {
      if (i >= text.length) return WAIT
      const code = text.charCodeAt(i)
      if (code === GT) return this.tag('parameter-end', i + 1, { loose: true })
      if (code === LF || code === LT || code === EQUALS) return undefined
    }
    return undefined
  }

  private opening(text: string, at: number, kind: 'block' | 'call' | 'parameter'): Tag | undefined | typeof WAIT {
    this.cut = kind
    const code = text.charCodeAt(at)
    if (kind === 'block') {
      const i = this.syntax.token === undefined ? at : this.space(text, at)
      return i >= text.length ? WAIT : text.charCodeAt(i) === GT ? this.tag('block', i + 1) : undefined
    }
    if (this.syntax.names === 'attribute') return this.attributes(text, at, kind)
    if (code === EQUALS) return this.equalName(text, at + 1, kind)
    return code === GT && kind === 'parameter' ? this.tag('parameter', at + 1) : undefined
  }

  /** Reads `NAME>` of `<function=NAME>`. */
  private equalName(text: string, at: number, kind: 'call' | 'parameter'): Tag | typeof WAIT {
    this.cut = kind
    const limit = this.start + LONGEST_TAG
    for (let i = at; i < limit; i++) {
      if (i >= text.length) {
        this.cutTag.inName()
        return WAIT
      }
      const code = text.charCodeAt(i)
      if (code === GT) return this.named(text, at, i + 1, kind)
      // A bracket begins the next tag: this one never ended.
      if (code === LF || code === LT) break
    }
    return this.tag(kind, at, { broken: true })
  }

  /** The tag that ends at `end`, with its name stripped of white space, of one pair of quotes, and of the slash of `<function=f/>`. */
  private named(text: string, at: number, end: number, kind: 'call' | 'parameter'): Tag {
    let from = at
    let to = end - 1
    const selfClosing = kind === 'call' && to > from && text.charCodeAt(to - 1) === SLASH
    if (selfClosing) to--
    while (from < to && isBlank(text, from)) from++
    while (to > from && isBlank(text, to - 1)) to--
    const quote = text.charAt(from)
    if (to - from > 1 && (quote === '"' || quote === "'") && text.charAt(to - 1) === quote) {
      from++
      to--
    }
    if (from === to) return this.tag(kind, end, { selfClosing })
    const name = text.slice(from, to)
    return this.tag(kind, end, { name, nameFrom: from - this.start, nameTo: to - this.start, selfClosing })
  }

  /** Reads ` name="NAME" string="true">`. */
  private attributes(text: string, at: number, kind: 'call' | 'parameter'): Tag | undefined | typeof WAIT {
    this.cut = kind
    const read = readAttributes(text, at, this.start + LONGEST_TAG, this.syntax)
    if (read === WAIT) this.cutTag.inAttributes(text, at)
    if (read === undefined || read === WAIT) return read
    const { nameFrom, nameTo, end, value, selfClosing } = read
    const extraFrom = read.extraTo === 0 ? 0 : read.extraFrom - this.start
    const extraTo = read.extraTo === 0 ? 0 : read.extraTo - this.start
    if (nameFrom === nameTo) return this.tag(kind, end, { value, selfClosing, extraFrom, extraTo })
    const name = text.slice(nameFrom, nameTo)
    return this.tag(kind, end, {
      name,
      nameFrom: nameFrom - this.start,
      nameTo: nameTo - this.start,
      value,
      selfClosing,
      extraFrom,
      extraTo,
    })
  }

  /** A tag that has the format's token and another name. */
  private otherWord(text: string, at: number, isEnd: boolean): Tag | undefined | typeof WAIT {
    if (this.syntax.token === undefined) return undefined
    let i = at
    while (i < text.length && i - at < 32 && isWordCode(text.charCodeAt(i))) i++
    if (i >= text.length) return WAIT
    return i > at && text.charCodeAt(i) === GT ? this.tag(isEnd ? 'other-end' : 'other', i + 1) : undefined
  }

  private tag(kind: TagKind, end: number, more: Partial<Tag> = {}): Tag {
    return tagOf(kind, end - this.start, more)
  }
}

function marksOf({ callMarks, blockMarks, asides = [] }: TagSyntax): (readonly [string, TagKind])[] {
  const marks: (readonly [string, TagKind])[] = asides.map((mark) => [mark, 'aside'])
  if (blockMarks !== undefined) marks.push([blockMarks.open, 'block'], [blockMarks.close, 'block-end'])
  for (const mark of callMarks?.open ?? []) marks.push([mark, 'call'])
  for (const mark of callMarks?.close ?? []) marks.push([mark, 'call-end'])
  return marks
}

const NONE = -3

/** The index behind `word` if it begins at `at`, `WAIT` if the text ends inside it, else `NONE`. */
function literal(text: string, at: number, word: string): number {
  if (text.startsWith(word, at)) return at + word.length
  return text.length - at < word.length && word.startsWith(text.slice(at)) ? WAIT : NONE
}
