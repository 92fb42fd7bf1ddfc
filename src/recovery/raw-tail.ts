import { WAIT } from '../text/cursor.js'
import { type TagSyntax, wordsOf } from '../text/tag.js'

/** As much of the end of a value as is looked at. */
const LONGEST_TAIL = 200
/** A broken closer is not longer. */
const LONGEST_CLOSER = 80
const TAG = /<[ ]?\/(?:[^<>\n]{1,100}|[^<>]{0,100}>)$/
/** What begins a closer, alone or with another bracket in its word: `</`, `</parame<er>` */
const SPLIT_CLOSER = /<\/?$|<[/|][^<>\n]{0,64}<[^<>\n]{0,64}>$/
/** A special token that breaks off: `<|tool_a` */
const CUT_TOKEN = /<[|｜][^<>\s]{0,64}$/
/** What looks like the bracket of a tag. */
const LIKE_BRACKET = /[›»〉]$/
/** The end of a word, and what may be left of a bracket behind it. */
const REST_OF_WORD = /[a-z]{3,32}(?=>$)/i
const WORD = /([｜|‖<>/":=\w-]{1,200})$/

/**
 * Does a raw value whose own close marker is missing end in what may be one, or behind a line break too many? Then it is
 * not certain where it ended (decision 13), and the call that it stands in is damaged: `Paris` LF `</entry>` LF `</function>`.
 * @param raw the value as it was read
 * @example looksUnclosed('<p>x</p>', syntax, 'newline') // false: the value opened it
 * @example looksUnclosed('Paris\n/parameter>', syntax, 'newline') // true
 * @example looksUnclosed('Parisparameter>\ninvoke>', syntax, 'none') // true: what follows a value lost its bracket too
 * @example looksUnclosed('Paris<rameter>', syntax, 'none') // true
 * @example looksUnclosed('Paris</parame<er>', syntax, 'none') // true
 * @example looksUnclosed('Paris&lt;/parameter&gt;', syntax, 'none') // true: so do other brackets, and a tag in two lines
 */
export function looksUnclosed(raw: string, syntax: TagSyntax, trim: 'newline' | 'none'): boolean {
  const text = raw.trimEnd()
  if (trim === 'newline' && /\n[ \t\r]{0,200}$/.test(raw.slice(text.length))) return true
  const tail = angled(text.slice(-LONGEST_TAIL).normalize('NFKC'))
  if (syntax.parameter.startsWith('|') && (tail.endsWith('|>') || /<[^<>]{1,100}>$/.test(tail))) return true
  if (SPLIT_CLOSER.test(tail) || CUT_TOKEN.test(tail) || endsInBrokenCloser(tail, syntax)) return true
  if (LIKE_BRACKET.test(text) || endsInBareWord(tail, syntax)) return true
  const tag = TAG.exec(tail)?.[0]
  if (tag !== undefined) return !tag.endsWith('>') || !opens(angled(text), tag.replace(/[<>/\s]/g, ''))
  const last = WORD.exec(tail)?.[0]?.toLowerCase() ?? ''
  const { token, asides } = syntax
  if (asides?.some((aside) => tail.endsWith(aside)) === true) return true
  if (token !== undefined && last.includes(token.word.toLowerCase())) return true
  // `/parameter>`, `parameter>`, `<invoke`: a part of it, or of what closes its call.
  const rest = last.replace(/[<>/]{1,8}$/, '')
  const half = REST_OF_WORD.exec(last)?.[0]
  const isAlike = last.includes('<') ? endsEqually : endsAlike
  if (half !== undefined && wordsOf(syntax).some(([word]) => isAlike(word, half))) return true
  return (
    /[<>/]/.test(last) &&
    wordsOf(syntax).some(
      ([word]) => rest === word || (rest.endsWith(word) && /[<>/]$/.test(rest.slice(0, -word.length))),
    )
  )
}

/** Does a text end in the word of a tag that no prose has, without brackets, or with bars: `Parisarg_value`, `Paris|tool_arg:end|`? */
function endsInBareWord(tail: string, syntax: TagSyntax): boolean {
  const bare = tail.replace(/[|>]{0,2}$/, '').toLowerCase()
  return wordsOf(syntax).some(([word]) => {
    const plain = word.replace(/^\||\|$/g, '')
    return /[_:]/.test(plain) && bare.endsWith(plain.toLowerCase())
  })
}

/**
 * Does a text end in the closer of a tag whose word a bracket of any kind breaks? The letters of its word are all there.
 * @example endsInBrokenCloser('Paris</para>meter>', syntax) // true
 */
function endsInBrokenCloser(tail: string, syntax: TagSyntax): boolean {
  const at = Math.max(tail.lastIndexOf('</'), tail.lastIndexOf('<|'))
  if (at < 0 || tail.length - at > LONGEST_CLOSER) return false
  const end = tail.slice(at)
  if (!/[<>{}()].{0,80}[a-z]/i.test(end.slice(2))) return false
  const letters = lettersOf(end)
  return wordsOf(syntax).some(([word]) => letters.endsWith(lettersOf(word)) && lettersOf(word) !== '')
}

function lettersOf(text: string): string {
  return text.replace(/[^a-z]/gi, '').toLowerCase()
}

/** The text with angle brackets for what models write in their place. */
export function angled(text: string): string {
  return text.replace(/&lt;|[＜[]/g, '<').replace(/&gt;|[＞\]]/g, '>')
}

/** Does a word end in what stands there, or what stands there as the word? `meter`, `parismeter` */
function endsAlike(word: string, half: string): boolean {
  return word.endsWith(half) || half.endsWith(word.slice(-SHORTEST_HALF))
}

const SHORTEST_HALF = 3

/** The same of a tag, which may be one of the value's own: `<rameter>`, `<xparameter>` */
function endsEqually(word: string, half: string): boolean {
  return word !== '' && (word.endsWith(half) || half.endsWith(word))
}

/** Does a text open a word as often as it closes it? Then the last closer is the value's own. */
function opens(text: string, word: string): boolean {
  const opener = word === '' ? '<>' : `<${word}`
  return count(text, opener) >= count(text, word === '' ? '</>' : `</${word}`) && text.includes(opener)
}

function count(text: string, part: string): number {
  let times = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) times++
  return times
}

const TOKEN_AT_EDGE = /^\s{0,64}<\|?[ ]?\w{1,16}[ ]?\|?>|<?\|[ ]?\w{1,16}[ ]?(?:\||>|\|>)\s{0,64}$/

/**
 * Does a value begin or end in a special token that belongs to no tag? Then one of the tags beside it is damaged.
 * @example holdsTokenAtEdge('Paris<|close|>') // true
 */
export function holdsTokenAtEdge(raw: string): boolean {
  return raw.includes('|') && TOKEN_AT_EDGE.test(raw.length > 2 * LONGEST_TAIL ? edgesOf(raw) : raw)
}

function edgesOf(raw: string): string {
  return `${raw.slice(0, LONGEST_TAIL)} ${raw.slice(-LONGEST_TAIL)}`
}

const HALF = /^(?:\[\/?[a-z_|｜:]{2,40}\]|(?:&lt;|[^\s\w<>])?\/?[a-z_|｜:]{0,40}(?:>|&gt;|＞))/i
const LONGEST_HALF = 64

/**
 * Does a value whose opener is missing begin in what may be left of it? `WAIT` if more of it has to come.
 * @example beginsInHalf('value>Paris') // true
 * @example beginsInHalf('[arg_value]Paris') // true
 * @example beginsInHalf('"arg_value>Paris') // true
 */
export function beginsInHalf(raw: string): boolean | typeof WAIT {
  const head = raw.slice(0, LONGEST_HALF)
  if (HALF.test(head)) return true
  return head.length < LONGEST_HALF && !/[\s"{>＞\]]/.test(head.slice(1)) ? WAIT : false
}
