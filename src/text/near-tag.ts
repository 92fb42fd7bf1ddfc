import { WAIT } from './cursor.js'
import { isAlike } from './misspelt.js'
import { type TagSyntax, type TagWord, wordsOf } from './tag.js'
import type { NearTag, NearTags } from './tags.js'

/** Nothing longer is taken for a tag. */
const LONGEST = 192
/** Words that models write for `parameter`. */
const OTHER_WORDS = ['param', 'params', 'arg', 'argument']

const HEAD = /^(<?)[ ]{0,2}(\/?)[ ]{0,2}([A-Za-z_][\w.-]{0,127})/
/** The rest of a word behind its namespace: `:tool_call` in `minimax:tool_call`. */
const LOCAL_WORD = /^:[\w.-]{1,127}/
/** Between the bars the token's word may be missing, or be another behind a bracket: `<｜XML｜invoke`. */
const TOKEN_HEAD =
  /^(<?)[ ]{0,2}(\/?)[ ]{0,2}((?<=<\/?)[｜|‖][A-Za-z]{1,16}[｜|‖]|[｜|‖]{0,2}[ ]{0,2}(?:dsml|gcml)?[ ]{0,2}[｜|‖]{0,2})[ ]{0,4}(\/?)([A-Za-z_][\w.-]{0,127})/i
const EQUAL_NAME =
  /^[ \t]{0,8}[=: ][ \t]{0,8}["'`“”‘’]{0,2}([^\s"'`“”‘’<>/={}]{1,127})["'`“”‘’]{0,2}[ \t]{0,8}\/?[ \t]{0,8}>?$/
const NAME_ATTRIBUTE = /(^|[\s"'])(?:name|NAME|Name)[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}([^\s"'`“”‘’<>/={}]{1,127})/
const TEXT_ATTRIBUTE = /string[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}(true|false)/i
const ATTRIBUTE = /[A-Za-z_][\w-]{0,127}[ \t]{0,8}[=:]?[ \t]{0,8}["'`“”‘’]{0,2}[^\s"'`“”‘’<>=]{0,127}["'`“”‘’]{0,2}/y
const BARE_REST = /^[ \t]{0,8}\/?[ \t]{0,8}>?$/

/**
 * Reads what may be a damaged tag of a syntax. It looks no further than the bracket, the end of the line, or the next
 * tag.
 */
export class NearTagReader implements NearTags {
  private readonly words: readonly TagWord[]
  /** Some words of the syntax have a namespace: `atem:invoke`. */
  private readonly isSpaced: boolean

  constructor(private readonly syntax: TagSyntax) {
    this.words = wordsOf(syntax)
    this.isSpaced = syntax.token === undefined && this.words.some(([word]) => word.includes(':'))
  }

  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT {
    const code = text.charCodeAt(start)
    // Only a bracket, a slash, a bar or a letter can begin one; this skips prose in other scripts.
    if (!(code === 0x3c || code === 0x2f || (code >= 0x41 && code <= 0x7a) || '｜|‖'.includes(text.charAt(start))))
      return undefined
    const to = stretchEnd(text, start)
    if (to === WAIT && !ended && text.length - start < LONGEST) return WAIT
    return this.read(text.slice(start, to === WAIT ? start + LONGEST : to))
  }

  closer(text: string, start: number, ended: boolean, key: string): NearTag | undefined | typeof WAIT {
    return this.mayClose(text, start + 1, key) ? this.at(text, start, ended) : undefined
  }

  /** Looks at one or two characters before anything else is tried, since code is full of brackets. */
  private mayClose(text: string, at: number, key: string): boolean {
    const i = text.charCodeAt(at) === 0x20 ? at + 1 : at
    const isSlash = text.charCodeAt(i) === 0x2f
    const next = text.charAt(text.charCodeAt(i + Number(isSlash)) === 0x20 ? i + 2 : i + Number(isSlash))
    if (next === '') return true
    const letter = next.toLowerCase()
    const { token, parameter } = this.syntax
    if (token !== undefined && ('｜|‖'.includes(next) || token.word.toLowerCase().startsWith(letter))) return true
    if (!isSlash) return letter === parameter.charAt(0) && i === at + 1
    return 'pavs'.includes(letter) || letter === parameter.charAt(0) || letter === key.charAt(0).toLowerCase()
  }

  private read(text: string): NearTag | undefined {
    return this.syntax.token === undefined ? this.plain(text) : this.withToken(text)
  }

  private plain(text: string): NearTag | undefined {
    const head = HEAD.exec(text)
    if (head === null) return undefined
    let [all, , , word] = head as unknown as [string, string, string, string]
    const [, bracket, slash] = head as unknown as [string, string, string]
    const local = this.isSpaced ? (LOCAL_WORD.exec(text.slice(all.length))?.[0] ?? '') : ''
    // `entry:invoke`: its word is known, and its namespace is another.
    const isKnown = this.words.some(
      ([known]) => known.startsWith(`${word}:`) || (local !== '' && known.endsWith(local)),
    )
    if (local !== '' && (isKnown || this.kindOf(word + local) !== undefined)) {
      word += local
      all += local
    }
    const kind = this.kindOf(word)
    // Without its bracket it must be the exact word, or a closer of a known one.
    if (bracket === '' && !(slash === '' ? this.isWord(word) : kind !== undefined)) return undefined
    const rest = text.slice(all.length)
    if (this.syntax.names === 'attribute')
      return this.attributes(text, all, { kind, word, isEnd: slash !== '', isOpen: bracket !== '', hasToken: true })
    const found = EQUAL_NAME.exec(rest)
    const isJunk = found === null && !BARE_REST.test(rest)
    if (isJunk && (kind === undefined || bracket === '')) return undefined
    const name = found?.[1]
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
    return this.attributes(text, all, {
      kind,
      word,
      isEnd: slash !== '' || slash2 !== '',
      isOpen: bracket !== '',
      hasToken,
    })
  }

  /** Reads the attributes, one of them the name, behind `head` (the beginning of a tag, including its word). */
  private attributes(
    text: string,
    head: string,
    tag: Pick<NearTag, 'kind' | 'word' | 'isEnd' | 'isOpen' | 'hasToken'>,
  ): NearTag | undefined {
    const rest = text.slice(head.length)
    const found = NAME_ATTRIBUTE.exec(rest)
    const name = found?.[2]
    const nameFrom = found === null ? 0 : head.length + found.index + found[0].length - (name?.length ?? 0)
    const value = TEXT_ATTRIBUTE.exec(rest)?.[1]?.toLowerCase()
    const isJunk = name === undefined ? !BARE_REST.test(rest) : !holdsAttributes(rest)
    if (isJunk && (tag.kind === undefined || !tag.isOpen)) return undefined
    // Without its bracket and its token a word in prose looks the same.
    if (!tag.isOpen && !tag.isEnd && this.syntax.token === undefined && name === undefined && !rest.endsWith('>'))
      return undefined
    // A field behind the spread would cost a microsecond.
    return {
      name,
      nameFrom,
      nameTo: nameFrom + (name?.length ?? 0),
      value: value === undefined ? undefined : value === 'true' ? 'text' : 'json',
      length: text.length,
      isClosed: text.endsWith('>'),
      isJunk,
      ...tag,
    }
  }

  private isWord(word: string): boolean {
    return this.words.some(([known]) => known === word)
  }

  /** The kind of the known word that this one is a spelling of: in another case, or with at most two letters wrong. */
  private kindOf(word: string): NearTag['kind'] {
    const lower = word.toLowerCase()
    for (const [known, kind] of this.words) if (lower === known) return kind
    if (OTHER_WORDS.includes(lower)) return 'parameter'
    for (const [known, kind] of this.words) if (isAlike(lower, known)) return kind
    const local = this.isSpaced ? lower.slice(lower.indexOf(':')) : ''
    return this.words.find(([known]) => local.startsWith(':') && known.endsWith(local))?.[1]
  }
}

/** Are there only attributes between the word of a tag and its end? */
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

/** The index at which a damaged tag at `start` ends, its bracket included; `WAIT` if none of its ends is in sight. */
function stretchEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST)
  for (let i = start + 1; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3e) return i + 1
    if (code === 0x0a || code === 0x3c) return text.charCodeAt(i - 1) === 0x0d ? i - 1 : i
  }
  return WAIT
}
