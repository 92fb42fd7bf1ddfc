import { WAIT } from './cursor.js'

/** What the tags of a format look like, as data. */
export interface TagSyntax {
  /** Where a call's name and a parameter's key stand: `<function=NAME>` or `<invoke name="NAME">`. */
  readonly names: 'equals' | 'attribute'
  /** Names of the block around calls, the one that is written first: `<tool_call>`. */
  readonly blocks: readonly string[]
  readonly call: string
  readonly parameter: string
  /** A token between the bracket and the word, with the pipes that may surround it, its own first: `<｜DSML｜invoke`. */
  readonly token?: { readonly word: string; readonly pipes: string }
  /** The attribute that tells text from JSON: `string="true"`. */
  readonly textAttribute?: string
  /** Models also close a parameter by `</parameter1>`, `</parameter_function>` or `</parameter/>`. */
  readonly looseEnds?: boolean
}

export type TagKind =
  | 'block'
  | 'block-end'
  | 'call'
  | 'call-end'
  | 'parameter'
  | 'parameter-end'
  /** A tag of the format's token that has another name: `<｜DSML｜toolcalls>`. */
  | 'other'
  | 'other-end'

/** One tag, as it stands in the text. Indices count from its first character. */
export interface Tag {
  readonly kind: TagKind
  /** The call's name or the parameter's key; undefined where there is none. */
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
  readonly length: number
  /** Cut short by the end of its line, or longer than any tag: only its beginning is known. */
  readonly broken: boolean
  /** What the text attribute says: the value is text, or JSON. */
  readonly value: 'text' | 'json' | undefined
  /** `<invoke name="f"/>` */
  readonly selfClosing: boolean
  /** Written as `looseEnds` allows. */
  readonly loose: boolean
}

/** Longer tags are none: what is held back while one comes stays short. */
export const LONGEST_TAG = 256
const LONGEST_LOOSE_END = 12

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const EQUALS = 0x3d
const SPACE = 0x20
const LF = 0x0a

/**
 * Reads one tag of a syntax, as far as a bounded look at the text allows. Nothing is read by pattern, and nothing is
 * remembered of one tag when the next is read.
 */
export class TagReader {
  /** What is known of a tag that the text ends inside of, after `WAIT`: its kind, once its word is whole. */
  cut: TagKind | undefined
  private readonly words: readonly (readonly [string, 'block' | 'call' | 'parameter'])[]
  private start = 0

  constructor(
    readonly syntax: TagSyntax,
    private readonly lenient: boolean,
  ) {
    const words: [string, 'block' | 'call' | 'parameter'][] = syntax.blocks.map((word) => [word, 'block'])
    words.push([syntax.call, 'call'], [syntax.parameter, 'parameter'])
    this.words = words
  }

  /** The close marker of a word, as the format itself writes it. */
  closeOf(word: string): string {
    return `</${this.prefix}${word}>`
  }

  /** An opening tag, as the format itself writes it. `more`: further attributes. */
  openOf(word: string, name?: string, more = ''): string {
    const named = name === undefined ? '' : this.syntax.names === 'equals' ? `=${name}` : ` name="${name}"`
    return `<${this.prefix}${word}${named}${more}>`
  }

  private get prefix(): string {
    const { token } = this.syntax
    return token === undefined ? '' : token.pipes.charAt(0) + token.word + token.pipes.charAt(0)
  }

  /** The tag that begins at `start`, undefined if none does, or `WAIT` where the text ends inside of what may become one. */
  at(text: string, start: number): Tag | undefined | typeof WAIT {
    this.cut = undefined
    this.start = start
    if (text.charCodeAt(start) !== LT) return undefined
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

  /** Reads on behind the beginning of a tag: `<function=` or `<｜DSML`. Indices then count from there. */
  behindStem(text: string, at: number): Tag | undefined | typeof WAIT {
    this.cut = undefined
    this.start = at
    if (this.syntax.token !== undefined) return this.behindToken(text, at, false)
    if (this.syntax.names === 'attribute') return this.attributes(text, at, 'call')
    return this.equalName(text, at, 'call')
  }

  private behindToken(text: string, at: number, isEnd: boolean): Tag | undefined | typeof WAIT {
    let i = this.pipes(text, this.space(text, at))
    if (i < 0) return i === WAIT ? WAIT : undefined
    // V4.1 writes a space here.
    for (let spaces = 0; spaces < 4 && isSpace(text.charCodeAt(i)); spaces++) i++
    return this.word(text, i, isEnd)
  }

  private space(text: string, i: number): number {
    return this.lenient && text.charCodeAt(i) === SPACE ? i + 1 : i
  }

  /** One pipe, or where the syntax is read leniently any kind of pipe, single or doubled. */
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
    let waiting = false
    for (const [word, kind] of this.words) {
      const end = literal(text, at, word)
      if (end === WAIT) waiting = true
      if (end < 0) continue
      if (end >= text.length) {
        this.cut = isEnd ? `${kind}-end` : kind
        waiting = true
        continue
      }
      const tag = isEnd ? this.end(text, end, kind) : this.opening(text, end, kind)
      if (tag !== undefined) return tag
    }
    return waiting ? WAIT : this.otherWord(text, at, isEnd)
  }

  private end(text: string, at: number, kind: 'block' | 'call' | 'parameter'): Tag | undefined | typeof WAIT {
    this.cut = `${kind}-end`
    let i = at
    if (this.syntax.token !== undefined && this.lenient) i = this.space(text, i)
    if (text.charCodeAt(i) === GT) return this.tag(`${kind}-end`, i + 1)
    if (i >= text.length) return WAIT
    if (kind !== 'parameter' || this.syntax.looseEnds !== true || !this.lenient) return undefined
    for (; i <= at + LONGEST_LOOSE_END; i++) {
      if (i >= text.length) return WAIT
      const code = text.charCodeAt(i)
      if (code === GT) return this.tag('parameter-end', i + 1, { loose: true })
      if (code === LF || code === LT) return undefined
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

  /** `NAME>`, of `<function=NAME>`. */
  private equalName(text: string, at: number, kind: 'call' | 'parameter'): Tag | typeof WAIT {
    this.cut = kind
    const limit = this.start + LONGEST_TAG
    for (let i = at; i < limit; i++) {
      if (i >= text.length) return WAIT
      const code = text.charCodeAt(i)
      if (code === GT) return this.named(text, at, i, kind, i + 1, {})
      // A bracket begins the next tag: this one never ended.
      if (code === LF || code === LT) break
    }
    return this.tag(kind, at, { broken: true })
  }

  /** The name without the space around it, and without one pair of quotes. */
  private named(
    text: string,
    at: number,
    end: number,
    kind: 'call' | 'parameter',
    behind: number,
    rest: Partial<Tag>,
  ): Tag {
    let from = at
    let to = end
    while (from < to && isBlank(text, from)) from++
    while (to > from && isBlank(text, to - 1)) to--
    const quote = text.charAt(from)
    if (to - from > 1 && (quote === '"' || quote === "'") && text.charAt(to - 1) === quote) {
      from++
      to--
    }
    const name = text.slice(from, to)
    const place = { nameFrom: from - this.start, nameTo: to - this.start }
    return this.tag(kind, behind, { ...rest, ...(name === '' ? {} : { name, ...place }) })
  }

  /** ` name="NAME" string="true">` */
  private attributes(text: string, at: number, kind: 'call' | 'parameter'): Tag | undefined | typeof WAIT {
    const limit = Math.min(text.length, this.start + LONGEST_TAG)
    const waits = limit === text.length
    let name: readonly [number, number] | undefined
    let value: Tag['value']
    let i = at
    for (;;) {
      const before = i
      while (i < limit && isSpace(text.charCodeAt(i))) i++
      if (i >= limit) break
      const code = text.charCodeAt(i)
      const selfClosing = code === SLASH
      if (selfClosing && i + 1 >= limit) break
      if (code === GT || (selfClosing && text.charCodeAt(i + 1) === GT)) {
        const behind = selfClosing ? i + 2 : i + 1
        const rest = { value, selfClosing }
        if (name === undefined) return this.tag(kind, behind, rest)
        return this.tag(kind, behind, {
          ...rest,
          ...(name[0] === name[1]
            ? {}
            : { name: text.slice(...name), nameFrom: name[0] - this.start, nameTo: name[1] - this.start }),
        })
      }
      if (i === before) return undefined
      const wordFrom = i
      while (i < limit && isWordCode(text.charCodeAt(i))) i++
      if (i >= limit) break
      const word = text.slice(wordFrom, i)
      if (word === '' || text.charCodeAt(i) !== EQUALS) return undefined
      if (++i >= limit) break
      const quote = text.charAt(i)
      if (quote !== '"' && quote !== "'") return undefined
      const end = quoteEnd(text, ++i, limit, quote)
      if (end === NONE) return undefined
      if (end === WAIT) break
      if (word === 'name') name = [i, end]
      else if (word === this.syntax.textAttribute) value = textOrJson(text.slice(i, end))
      i = end + 1
    }
    return waits && text.length < this.start + LONGEST_TAG ? WAIT : undefined
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
    return {
      kind,
      name: undefined,
      nameFrom: 0,
      nameTo: 0,
      length: end - this.start,
      broken: false,
      value: undefined,
      selfClosing: false,
      loose: false,
      ...more,
    }
  }
}

const NONE = -3

/** The index behind `word`, if it stands at `at`; `WAIT` if the text ends inside of it; `NONE`. */
function literal(text: string, at: number, word: string): number {
  if (text.startsWith(word, at)) return at + word.length
  return text.length - at < word.length && word.startsWith(text.slice(at)) ? WAIT : NONE
}

/** Where an attribute's value ends. A bracket or a new line shows that it is none. */
function quoteEnd(text: string, from: number, limit: number, quote: string): number {
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (code === LT || code === LF) return NONE
    if (text.charAt(i) === quote) return i
  }
  return WAIT
}

function textOrJson(value: string): Tag['value'] {
  return value === 'true' ? 'text' : value === 'false' ? 'json' : undefined
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LF || code === 0x0d || code === 0x09
}

/** White space of any kind, as `trim` has it. */
function isBlank(text: string, i: number): boolean {
  const code = text.charCodeAt(i)
  return isSpace(code) || ((code < 0x20 || code > 0x7f) && text.charAt(i).trim() === '')
}

function isWordCode(code: number): boolean {
  const letter = code | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d
}
