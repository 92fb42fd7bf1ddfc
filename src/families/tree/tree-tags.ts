import { answerOf } from '../../engine/wait.js'
import { holdsBrokenCloser } from '../../recovery/broken-closer.js'
import type { ExtraAttributes } from '../../recovery/extra-attributes.js'
import { swallowsTag } from '../../recovery/swallowed-tag.js'
import { isSpace } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { withoutBlanks } from '../../text/tag.js'

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

export interface TreeTag extends ExtraAttributes {
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

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const LF = 0x0a

/** Reads one tag, as far as a bounded look at the text allows. */
export class TreeTags {
  private readonly words: readonly string[]
  /** The last question, and its answer: callers ask twice about the text behind a value. */
  private asked: string | undefined
  private askedAt = 0
  private answer: TreeTag | undefined | typeof WAIT

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

  /**
   * Does a value hold the damaged tag of one of the missing keys, unclosed, or its own closer, broken? Not where words are keys: no
   * word of the format shows there that a tag is damaged.
   */
  swallows(raw: string, missing: Iterable<string>): boolean {
    const { value } = this.syntax
    if (value === undefined) return false
    const closer = this.closeOf(value)
    if (holdsBrokenCloser(raw, closer)) return true
    return swallowsTag(raw, missing, () => ({
      openers: [value],
      closer,
      at: (text, start) => this.at(text, start),
    }))
  }

  /** The tag at `start`; undefined if none stands there, `WAIT` where the text ends inside of what may become one. */
  at(text: string, start: number): TreeTag | undefined | typeof WAIT {
    if (start === this.askedAt && text === this.asked) return this.answer
    this.asked = text
    this.askedAt = start
    return (this.answer = this.look(text, start))
  }

  /** The tag at the cursor, once it is whole; `cut` where the text ends inside of it. Reads nothing. */
  *here(cursor: Cursor): Read<TreeTag | 'cut' | undefined> {
    const look = () => {
      const tag = this.at(cursor.window, cursor.at)
      return tag === WAIT && cursor.ended ? 'cut' : tag
    }
    const tag = look()
    return tag === WAIT ? yield* answerOf(look) : tag
  }

  private look(text: string, start: number): TreeTag | undefined | typeof WAIT {
    const { token } = this.syntax
    if (token !== '' && !text.startsWith(token, start)) return token.startsWith(text.slice(start)) ? WAIT : undefined
    let i = start + token.length
    if (token !== '') for (let blanks = 0; blanks < MOST_BLANKS && text[i] === ' '; blanks++) i++
    if (i >= text.length) return WAIT
    if (text.charCodeAt(i) !== LT) return undefined
    const isEnd = text.charCodeAt(i + 1) === SLASH
    const from = i + (isEnd ? 2 : 1)
    if (from >= text.length) return WAIT
    const word = token === '' ? this.wordAt(text, from) : ''
    if (word === undefined || word === WAIT) return word
    let end = from
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === GT) break
      if (end - start > LONGEST_TAG || code === LT || code === LF) return undefined
    }
    // Where words are keys, a close tag may hold anything.
    const isKeyEnd = isEnd && this.syntax.value === undefined
    if (end === text.length) return isKeyEnd || this.mayBecome(text, from, end) ? WAIT : undefined
    return this.read(text, start, from, end, isEnd)
  }

  /** The word of a format without a token that stands here. */
  private wordAt(text: string, from: number): string | undefined | typeof WAIT {
    let waits = false
    const first = text.charCodeAt(from)
    for (const word of this.words) {
      // Code is full of `<`, which the next character mostly tells from a tag.
      if (word.charCodeAt(0) !== first) continue
      const to = from + word.length
      if (text.startsWith(word, from)) {
        if (to >= text.length) waits = true
        else if (text.charCodeAt(to) === GT || isSpace(text.charCodeAt(to))) return word
      } else waits ||= to > text.length && word.startsWith(text.slice(from))
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
    const space = inner.search(/\s/)
    const isWhole = space < 0
    const word = isWhole ? inner : inner.slice(0, space)
    const [nameFrom, nameTo, length] = [from - start, end - start, end + 1 - start]
    const plain = (kind: TreeTag['kind'], name = word): TreeTag => {
      return { kind, isEnd, name, nameFrom, nameTo, id: undefined, type: undefined, extraFrom: 0, extraTo: 0, length }
    }
    if (word === block) return isWhole ? plain('block') : undefined
    if (word === call && (isEnd ? isWhole : !isWhole)) {
      return isEnd ? plain('call') : this.withAttributes('call', text, start, from + word.length, end)
    }
    if (value === undefined) {
      const key = inner.trim()
      return key === '' || key.endsWith('/') ? undefined : plain('value', key)
    }
    if (word !== value) return undefined
    if (isEnd) return isWhole ? plain('value') : undefined
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
    const tag: Writable<TreeTag> = {
      kind,
      isEnd: false,
      name: undefined,
      nameFrom: 0,
      nameTo: 0,
      id: undefined,
      type: undefined,
      extraFrom: 0,
      extraTo: 0,
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
      if (found[1] === 'name' && tag.name === undefined) {
        Object.assign(tag, withoutBlanks(decoded(raw), to - raw.length, to))
      } else if (found[1] === 'id') tag.id = decoded(raw)
      else if (found[1] === 'type') tag.type = raw
      else {
        if (tag.extraTo === 0) tag.extraFrom = found.index - start
        tag.extraTo = i - start
      }
    }
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] as string)
}
