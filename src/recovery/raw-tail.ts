import { type TagSyntax, wordsOf } from '../text/tag.js'

/** As much of the end of a value as is looked at. */
const LONGEST_TAIL = 200
const TAG = /<[ ]?\/[^<>\n]{1,100}>?$/
const WORD = /([｜|‖<>/":=\w-]{1,200})$/

/**
 * Does a raw value whose own close marker is missing end in what may be one, or behind a line break too many? Then it is
 * not certain where it ended (decision 13), and the call that it stands in is damaged: `Paris` LF `</entry>` LF `</function>`.
 * @param raw the value as it was read
 * @example looksUnclosed('<p>x</p>', syntax, 'newline') // false: the value opened it
 * @example looksUnclosed('Paris\n/parameter>', syntax, 'newline') // true
 * @example looksUnclosed('Parisparameter>\ninvoke>', syntax, 'none') // true: what follows a value lost its bracket too
 */
export function looksUnclosed(raw: string, syntax: TagSyntax, trim: 'newline' | 'none'): boolean {
  const text = raw.trimEnd()
  if (trim === 'newline' && /\n[ \t\r]{0,200}$/.test(raw.slice(text.length))) return true
  const tail = text.slice(-LONGEST_TAIL)
  if (syntax.parameter.startsWith('|') && (tail.endsWith('|>') || /<[^<>\n]{1,100}>$/.test(tail))) return true
  const tag = TAG.exec(tail)?.[0]
  if (tag !== undefined) return !tag.endsWith('>') || !opens(text, tag.replace(/[<>/ ]/g, ''))
  const last = WORD.exec(tail)?.[0]?.toLowerCase() ?? ''
  const { token, asides } = syntax
  if (asides?.some((aside) => tail.endsWith(aside)) === true) return true
  if (token !== undefined && last.includes(token.word.toLowerCase())) return true
  // `/parameter>`, `parameter>`, `<invoke`: a part of it, or of what closes its call.
  const rest = last.replace(/[<>/]{1,8}$/, '')
  return (
    /[<>/]/.test(last) &&
    wordsOf(syntax).some(
      ([word]) => rest === word || (rest.endsWith(word) && /[<>/]$/.test(rest.slice(0, -word.length))),
    )
  )
}

/** Does a text open a word as often as it closes it? Then the last closer is the value's own. */
function opens(text: string, word: string): boolean {
  return count(text, `<${word}`) >= count(text, `</${word}`) && text.includes(`<${word}`)
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
