import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { type Tag, type TagKind, type TagSyntax, tagOf } from '../../text/tag.js'
import type { Tags } from '../../text/tags.js'
import { XtmlNear } from './xtml-near.js'

/** The tokens of XTML around the words of its tags. */
export const OPEN = '<|open|>'
export const CLOSE = '<|close|>'
export const SEP = '<|sep|>'

/** The words of its calls. `json`: around arguments that are one object. */
export const XTML_SYNTAX: TagSyntax = {
  names: 'attribute',
  blocks: ['tools'],
  call: 'call',
  parameter: 'argument',
  body: 'json',
  typeAttribute: 'type',
}

/** The attribute that holds the name, and the other known ones. */
const ATTRIBUTES: Readonly<Record<string, { readonly name: string; readonly known: readonly string[] }>> = {
  call: { name: 'tool', known: ['index'] },
  argument: { name: 'key', known: ['type'] },
  json: { name: '', known: ['type'] },
}

const KINDS: Readonly<Record<string, 'block' | 'call' | 'parameter' | 'body'>> = {
  tools: 'block',
  call: 'call',
  argument: 'parameter',
  json: 'body',
}

/** Nothing longer is taken for a tag. */
const LONGEST_TAG = 512
const NONE = -3

/** One attribute: where its value stands, and where it ends itself. */
interface Attribute {
  readonly word: string
  readonly from: number
  readonly to: number
  readonly end: number
}

/**
 * Reads the tags of XTML: `<|open|>call tool="get_tide" index="1"<|sep|>` is the tag of a call, `<|close|>call<|sep|>` its
 * closer. In the values of attributes `&quot;` is a quote and `&amp;` an ampersand.
 */
export class XtmlTags implements Tags {
  readonly syntax = XTML_SYNTAX
  readonly near = new XtmlNear()
  cut: TagKind | undefined
  private start = 0
  private asked: string | undefined
  private answer: Tag | undefined | typeof WAIT

  at(text: string, start: number): Tag | undefined | typeof WAIT {
    if (text.charCodeAt(start) !== 0x3c) return undefined
    if (start === this.start && text === this.asked) return this.answer
    this.start = start
    this.asked = text
    this.cut = undefined
    return (this.answer = this.read(text, start))
  }

  private read(text: string, start: number): Tag | undefined | typeof WAIT {
    const opened = literal(text, start, OPEN)
    const at = opened > 0 ? opened : literal(text, start, CLOSE)
    if (at < 0) return at === WAIT || opened === WAIT ? WAIT : undefined
    let to = at
    while (to < text.length && to - at < LONGEST_WORD && isWordCode(text.charCodeAt(to))) to++
    const word = text.slice(at, to)
    const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined
    if (to === text.length)
      return Object.keys(KINDS).some((known) => known.startsWith(word)) ? this.wait(kind) : undefined
    if (kind === undefined) return undefined
    if (opened > 0) return this.attributes(text, to, kind, word)
    const end = literal(text, to, SEP)
    if (end === WAIT) return this.wait(`${kind}-end`)
    return end < 0 ? undefined : tagOf(`${kind}-end`, end - start)
  }

  private wait(kind: TagKind | undefined): typeof WAIT {
    this.cut = kind
    return WAIT
  }

  behindStem(text: string, at: number): Tag | undefined | typeof WAIT {
    this.start = at
    this.asked = undefined
    this.cut = undefined
    return this.attributes(text, at, 'call', 'call')
  }

  openOf(word: string, name?: string, more = ''): string {
    const own = ATTRIBUTES[word]?.name ?? ''
    return `${OPEN}${word}${name === undefined ? '' : ` ${own}="${escaped(name)}"`}${more}${SEP}`
  }

  closeOf(word: string): string {
    return CLOSE + word + SEP
  }

  /** The rest of a tag, behind its word. */
  private attributes(
    text: string,
    at: number,
    kind: 'block' | 'call' | 'parameter' | 'body',
    word: string,
  ): Tag | undefined | typeof WAIT {
    const { name: own = '', known = [] } = ATTRIBUTES[word] ?? {}
    let name: Attribute | undefined
    let value: Tag['value']
    let [extraFrom, extraTo] = [0, 0]
    for (let i = at; ; ) {
      const end = literal(text, i, SEP)
      if (end === WAIT) return this.wait(kind)
      if (end > 0) {
        const isNamed = name !== undefined && name.to > name.from
        if (!isNamed && kind === 'call') return tagOf(kind, end - this.start, { broken: true })
        const named =
          name === undefined || !isNamed
            ? {}
            : {
                name: unescaped(text.slice(name.from, name.to)),
                nameFrom: name.from - this.start,
                nameTo: name.to - this.start,
              }
        const extra = extraTo === 0 ? {} : { extraFrom: extraFrom - this.start, extraTo: extraTo - this.start }
        return tagOf(kind, end - this.start, { ...named, value, ...extra })
      }
      const attribute = this.attribute(text, i)
      if (attribute === WAIT) return this.wait(kind)
      if (attribute === undefined) return undefined
      const isAgain = attribute.word === own && name !== undefined
      if (attribute.word === own) name ??= attribute
      else if (attribute.word === 'type')
        value = text.slice(attribute.from, attribute.to) === 'string' ? 'text' : 'json'
      if (isAgain || (attribute.word !== own && !known.includes(attribute.word))) {
        if (extraTo === 0) extraFrom = attribute.from - attribute.word.length - 2
        extraTo = attribute.end
      }
      i = attribute.end
    }
  }

  /** ` key="VALUE"`, with either quote. */
  private attribute(text: string, at: number): Attribute | undefined | typeof WAIT {
    const limit = Math.min(text.length, this.start + LONGEST_TAG)
    const over = limit === text.length && limit < this.start + LONGEST_TAG ? WAIT : undefined
    let i = at
    while (i < limit && isSpace(text.charCodeAt(i))) i++
    const from = i
    while (i < limit && isWordCode(text.charCodeAt(i))) i++
    if (i >= limit) return over
    if (from === at || i === from || text.charAt(i) !== '=') return undefined
    if (i + 1 >= limit) return over
    const quote = text.charAt(i + 1)
    if (quote !== '"' && quote !== "'") return undefined
    const word = text.slice(from, i)
    for (let to = i + 2; to < limit; to++) {
      const character = text.charAt(to)
      if (character === quote) return { word, from: i + 2, to, end: to + 1 }
      if (character === '<' || character === '\n') return undefined
    }
    return over
  }
}

const LONGEST_WORD = 16

/** The index behind `word` if it begins at `at`, `WAIT` if the text ends inside it, else `NONE`. */
function literal(text: string, at: number, word: string): number {
  if (text.startsWith(word, at)) return at + word.length
  return text.length - at < word.length && word.startsWith(text.slice(at)) ? WAIT : NONE
}

function isWordCode(code: number): boolean {
  const letter = code | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || code === 0x5f || code === 0x2d || (code >= 0x30 && code <= 0x39)
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function unescaped(value: string): string {
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
