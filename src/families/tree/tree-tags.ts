import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'

/** What the tags of a format look like whose values are trees. */
export interface TreeSyntax {
  /** Stands before each tag: `]<]minimax[>[`. Without one the words alone tell. */
  readonly token: string
  /** Around all calls, and around one. The call's name is its attribute `name`, its id may be `id`. */
  readonly block: string
  readonly call: string
  /** Values have this word, and the attributes `name` and `type`. Without one the word is the key, and the schema has the type. */
  readonly value?: string
  /** The word of what stands in a list, where words are keys. */
  readonly item?: string
}

export interface TreeTag {
  readonly kind: 'block' | 'call' | 'value'
  readonly isEnd: boolean
  /** A call's name or a value's key; the word of a close tag. */
  readonly name: string | undefined
  /** Where it stands, from the first character of the tag on. */
  readonly nameFrom: number
  readonly nameTo: number
  readonly id: string | undefined
  readonly type: string | undefined
  readonly length: number
}

/** No tag is longer. */
const LONGEST_TAG = 320
const MOST_BLANKS = 8
const ATTRIBUTE =
  /([\w:-]{1,64})[ \t]{0,8}=[ \t]{0,8}(?:"([^"<>\n]{0,256})"|'([^'<>\n]{0,256})'|([^\s"'`“”‘’<>=]{1,256}))/y
const CUT_ATTRIBUTE =
  /^[\w:-]{0,64}[ \t]{0,8}(?:=[ \t]{0,8}(?:"[^"<>\n]{0,256}"?|'[^'<>\n]{0,256}'?|[^\s"'<>=]{0,256}))?$/
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** Reads one tag, as far as a bounded look at the text allows. */
export class TreeTags {
  private readonly words: readonly string[]

  constructor(readonly syntax: TreeSyntax) {
    const { block, call, value } = syntax
    this.words = value === undefined ? [block, call] : [block, call, value]
  }

  /** What tags begin with. */
  get first(): string {
    return this.syntax.token === '' ? '<' : this.syntax.token
  }

  /** An opening tag as the format writes it, and the close tag of a word. */
  openOf(word: string, attributes = ''): string {
    return `${this.syntax.token}<${word}${attributes}>`
  }

  closeOf(word: string): string {
    return `${this.syntax.token}</${word}>`
  }

  /** The tag at `start`; undefined if none stands there, `WAIT` where the text ends inside of what may become one. */
  at(text: string, start: number): TreeTag | undefined | typeof WAIT {
    const { token } = this.syntax
    if (!text.startsWith(token, start)) return token.startsWith(text.slice(start)) ? WAIT : undefined
    let i = start + token.length
    if (token !== '') for (let blanks = 0; blanks < MOST_BLANKS && text[i] === ' '; blanks++) i++
    if (i >= text.length) return WAIT
    if (text[i] !== '<') return undefined
    const isEnd = text[i + 1] === '/'
    const from = i + (isEnd ? 2 : 1)
    if (from >= text.length) return WAIT
    const word = token === '' ? this.wordAt(text, from) : ''
    if (word === undefined || word === WAIT) return word
    let end = from
    for (; end < text.length && text[end] !== '>'; end++) {
      if (end - start > LONGEST_TAG || text[end] === '<' || text[end] === '\n') return undefined
    }
    if (end === text.length) return this.mayBecome(text, from, end) ? WAIT : undefined
    return this.read(text, start, from, end, isEnd)
  }

  /** The word of a format without a token that stands here. */
  private wordAt(text: string, from: number): string | undefined | typeof WAIT {
    let waits = false
    for (const word of this.words) {
      const next = text[from + word.length]
      if (text.startsWith(word, from)) {
        if (next === undefined) waits = true
        else if (next === '>' || isSpace(next.charCodeAt(0))) return word
      } else waits ||= word.startsWith(text.slice(from))
    }
    return waits ? WAIT : undefined
  }

  /** Can what stands in from..end, so far, be the inside of a tag? */
  private mayBecome(text: string, from: number, end: number): boolean {
    const { value, call } = this.syntax
    const word = [value, call].find((one) => one !== undefined && text.startsWith(one, from))
    if (word === undefined) return true
    let i = from + word.length
    while (i < end) {
      const before = i
      while (i < end && isSpace(text.charCodeAt(i))) i++
      // Where words are keys, this one only begins with the word.
      if (before === from + word.length && i === before) return value === undefined
      ATTRIBUTE.lastIndex = i
      const length = ATTRIBUTE.exec(text)?.[0].length ?? 0
      if (length === 0 || i + length >= end) break
      i += length
    }
    return CUT_ATTRIBUTE.test(text.slice(i, end))
  }

  /** The tag that begins with `stem`, which has been read, and continues at `from`. */
  behindStem(stem: string, text: string, from: number): TreeTag | undefined | typeof WAIT {
    return this.at(stem + text.slice(from, from + LONGEST_TAG), 0)
  }

  private read(text: string, start: number, from: number, end: number, isEnd: boolean): TreeTag | undefined {
    const { block, call, value } = this.syntax
    const inner = text.slice(from, end)
    const word = inner.split(/\s/, 1)[0] as string
    const isWhole = word === inner
    const length = end + 1 - start
    const plain = {
      isEnd,
      name: word,
      nameFrom: from - start,
      nameTo: end - start,
      id: undefined,
      type: undefined,
      length,
    }
    if (word === block) return isWhole ? { kind: 'block', ...plain } : undefined
    if (word === call && (isEnd ? isWhole : !isWhole)) {
      return isEnd ? { kind: 'call', ...plain } : this.withAttributes('call', text, start, from + word.length, end)
    }
    if (value === undefined) {
      const key = inner.trim()
      return key === '' || key.endsWith('/') ? undefined : { kind: 'value', ...plain, name: key }
    }
    if (word !== value) return undefined
    if (isEnd) return isWhole ? { kind: 'value', ...plain } : undefined
    return this.withAttributes('value', text, start, from + word.length, end)
  }

  /** A tag whose attributes stand in from..end; undefined if something else stands there. */
  private withAttributes(
    kind: 'call' | 'value',
    text: string,
    start: number,
    from: number,
    end: number,
  ): TreeTag | undefined {
    let tag: TreeTag = {
      kind,
      isEnd: false,
      name: undefined,
      nameFrom: 0,
      nameTo: 0,
      id: undefined,
      type: undefined,
      length: end + 1 - start,
    }
    for (let i = from; ; ) {
      const before = i
      while (i < end && isSpace(text.charCodeAt(i))) i++
      if (i === end) return kind === 'call' && !tag.name ? undefined : tag
      ATTRIBUTE.lastIndex = i
      const found = ATTRIBUTE.exec(text)
      if (found === null || i === before) return undefined
      i += found[0].length
      if (i > end) return undefined
      const raw = found[2] ?? found[3] ?? found[4] ?? ''
      const to = i - (found[4] === undefined ? 1 : 0) - start
      if (found[1] === 'name') tag = { ...tag, name: decoded(raw), nameFrom: to - raw.length, nameTo: to }
      else if (found[1] === 'id') tag = { ...tag, id: decoded(raw) }
      else if (found[1] === 'type') tag = { ...tag, type: raw }
    }
  }
}

function decoded(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] as string)
}
