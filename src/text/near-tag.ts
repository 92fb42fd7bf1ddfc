import { WAIT } from './cursor.js'
import type { Tag, TagSyntax } from './tag.js'

/** What stands where a tag of a format should, and is no tag: `</parameter` without its bracket, `<PARAMETER=a>`, `<entry=a>`. */
export interface NearTag {
  /** What its word is a spelling of; undefined where it is another word. */
  readonly kind: 'block' | 'call' | 'parameter' | undefined
  readonly word: string
  /** It has the slash of a closer. */
  readonly isEnd: boolean
  /** It begins with a bracket. */
  readonly isOpen: boolean
  /** It has the token of the format, whole or without its bars. */
  readonly hasToken: boolean
  /** Its one name, without quotes. Indices count from its first character. */
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
  /** What its text attribute says. */
  readonly value: Tag['value']
  readonly length: number
  /** It ends with a bracket. */
  readonly isClosed: boolean
  /** More stands in it than a name and attributes: what it says is not known. */
  readonly isJunk: boolean
}

/** Longer ones are none. */
const LONGEST = 192
/** Words that models write for `parameter`. */
const OTHER_WORDS = ['param', 'params', 'arg', 'argument']

const HEAD = /^(<?)[ ]{0,2}(\/?)[ ]{0,2}([A-Za-z_][\w.-]{0,127})/
/** Of words with a namespace: `atem:parameter`. */
const SPACED_HEAD = /^(<?)[ ]{0,2}(\/?)[ ]{0,2}([A-Za-z_][\w.:-]{0,127})/
const TOKEN_HEAD =
  /^(<?)[ ]{0,2}(\/?)[ ]{0,2}([｜|‖]{0,2}[ ]{0,2}(?:dsml)?[ ]{0,2}[｜|‖]{0,2})[ ]{0,4}(\/?)([A-Za-z_][\w.-]{0,127})/i
const EQUAL_NAME =
  /^[ \t]{0,8}[=: ][ \t]{0,8}["'`“”‘’]{0,2}([^\s"'`“”‘’<>/={}]{1,127})["'`“”‘’]{0,2}[ \t]{0,8}\/?[ \t]{0,8}>?$/
const NAME_ATTRIBUTE = /(^|[\s"'])(?:name|NAME|Name)[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}([^\s"'`“”‘’<>/={}]{1,127})/
const TEXT_ATTRIBUTE = /string[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}(true|false)/i
const ATTRIBUTE = /[A-Za-z_][\w-]{0,127}[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}[^\s"'`“”‘’<>=]{0,127}["'`“”‘’]{0,2}/y
const BARE_REST = /^[ \t]{0,8}\/?[ \t]{0,8}>?$/

/** Reads what may be a damaged tag of a syntax. Looks at a bounded stretch: to its bracket, the end of its line, or the next tag. */
export class NearTagReader {
  private readonly words: readonly (readonly [string, 'block' | 'call' | 'parameter'])[]
  private readonly hasNamespace: boolean

  constructor(private readonly syntax: TagSyntax) {
    const blocks = syntax.blocks.map((word) => [word, 'block'] as const)
    this.words = [...blocks, [syntax.call, 'call'], [syntax.parameter, 'parameter']]
    this.hasNamespace = syntax.parameter.includes(':')
  }

  /** What stands at `start`; undefined if that is nothing like a tag, or `WAIT` where the text ends inside of what may be one. */
  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT {
    const code = text.charCodeAt(start)
    // A bracket, a slash, a bar, a letter: prose in other scripts is not looked at.
    if (!(code === 0x3c || code === 0x2f || (code >= 0x41 && code <= 0x7a) || '｜|‖'.includes(text.charAt(start))))
      return undefined
    const to = stretchEnd(text, start)
    if (to === WAIT && !ended && text.length - start < LONGEST) return WAIT
    return this.read(text.slice(start, to === WAIT ? start + LONGEST : to))
  }

  private read(text: string): NearTag | undefined {
    return this.syntax.token === undefined ? this.plain(text) : this.withToken(text)
  }

  private plain(text: string): NearTag | undefined {
    const head = (this.hasNamespace ? SPACED_HEAD : HEAD).exec(text)
    if (head === null) return undefined
    const [all, bracket, slash, word] = head as unknown as [string, string, string, string]
    const kind = this.kindOf(word)
    // Without its bracket only the word itself tells.
    if (bracket === '' && !(slash === '' ? this.isWord(word) : kind !== undefined)) return undefined
    const rest = text.slice(all.length)
    const isAttribute = this.hasNamespace && this.syntax.names === 'attribute'
    const found = (isAttribute ? NAME_ATTRIBUTE : EQUAL_NAME).exec(rest)
    const isJunk = isAttribute && found !== null ? !holdsAttributes(rest) : found === null && !BARE_REST.test(rest)
    if (isJunk && (kind === undefined || bracket === '')) return undefined
    const name = isAttribute ? found?.[2] : found?.[1]
    if (bracket === '' && name === undefined && !rest.endsWith('>')) return undefined
    const nameFrom = name === undefined ? 0 : all.length + rest.indexOf(name)
    return {
      kind,
      word,
      isEnd: slash !== '',
      isOpen: bracket !== '',
      hasToken: true,
      name,
      nameFrom,
      nameTo: nameFrom + (name?.length ?? 0),
      value: undefined,
      length: text.length,
      isClosed: text.endsWith('>'),
      isJunk,
    }
  }

  private withToken(text: string): NearTag | undefined {
    const head = TOKEN_HEAD.exec(text)
    if (head === null) return undefined
    const [all, bracket, slash, token, slash2] = head as unknown as [string, string, string, string, string]
    const word = head[5] ?? ''
    const kind = this.kindOf(word)
    const hasToken = token.trim() !== ''
    if (!hasToken && (bracket === '' || kind === undefined) && slash === '') return undefined
    const rest = text.slice(all.length)
    const found = NAME_ATTRIBUTE.exec(rest)
    const name = found?.[2]
    const nameFrom = found === null ? 0 : all.length + found.index + found[0].length - (name?.length ?? 0)
    const value = TEXT_ATTRIBUTE.exec(rest)?.[1]?.toLowerCase()
    const isJunk = name === undefined ? !BARE_REST.test(rest) : !holdsAttributes(rest)
    if (isJunk && (kind === undefined || bracket === '')) return undefined
    return {
      kind,
      word,
      isEnd: slash !== '' || slash2 !== '',
      isOpen: bracket !== '',
      hasToken,
      name,
      nameFrom,
      nameTo: nameFrom + (name?.length ?? 0),
      value: value === undefined ? undefined : value === 'true' ? 'text' : 'json',
      length: text.length,
      isClosed: text.endsWith('>'),
      isJunk,
    }
  }

  private isWord(word: string): boolean {
    return this.words.some(([known]) => known === word)
  }

  /** The kind that a word is a spelling of: in another case, with two letters wrong at most. */
  private kindOf(word: string): NearTag['kind'] {
    const lower = word.toLowerCase()
    for (const [known, kind] of this.words) if (lower === known) return kind
    if (OTHER_WORDS.includes(lower)) return 'parameter'
    for (const [known, kind] of this.words) if (isAlike(lower, known)) return kind
    return undefined
  }
}

/** Does nothing but attributes stand between the word of a tag and its end? Each is read once. */
function holdsAttributes(rest: string): boolean {
  for (let at = 0; ; ) {
    while (at < rest.length && /[\s/]/.test(rest.charAt(at))) at++
    if (at === rest.length || rest.charAt(at) === '>') return at >= rest.length - 1
    ATTRIBUTE.lastIndex = at
    const found = ATTRIBUTE.exec(rest)
    if (found === null || (at > 0 && !/[\s/]/.test(rest.charAt(at - 1)))) return false
    at += found[0].length
  }
}

/** Index behind the stretch that a damaged tag at `start` can be: its bracket is part of it. */
function stretchEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST)
  for (let i = start + 1; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3e) return i + 1
    if (code === 0x0a || code === 0x3c) return text.charCodeAt(i - 1) === 0x0d ? i - 1 : i
  }
  return WAIT
}

/** Do two words differ in two letters at most? The short ones only in one. */
function isAlike(word: string, known: string): boolean {
  const most = known.length < 6 ? 1 : 2
  if (Math.abs(word.length - known.length) > most) return false
  let from = 0
  while (from < word.length && word[from] === known[from]) from++
  let end = 0
  const shorter = Math.min(word.length, known.length) - from
  while (end < shorter && word[word.length - 1 - end] === known[known.length - 1 - end]) end++
  return Math.max(word.length, known.length) - from - end <= most
}
