import { calledBehind } from '../engine/called-behind.js'
import type { Format, Opener } from '../engine/format.js'
import type { FindOtherFormat } from '../engine/session.js'
import { isSpecialToken } from '../engine/special-token.js'
import { lettersOf } from '../text/misspelt.js'
import { quote } from '../text/quote.js'
import { lastCloser } from './last-closer.js'
import { isQuoted } from './quoted.js'

/**
 * What may be a token that is spelt otherwise: a tag, with bars or without, or a word in brackets; one that lost a bracket
 * (`|tool_call|>`, `<|tool_call|`, `tool_call>`); and `<tool_call` at the end of its line, or before an object or a list, as `tool_call` that begins a line.
 */
const TAG =
  /<[|｜ ]{0,3}[A-Za-z][^<>\n]{1,120}>|\[[A-Za-z][A-Z_a-z-]{2,40}\]|(?<![\w<|｜▁/])(?:<?[|｜])?[A-Za-z][\w▁:.-]{2,60}(?:[|｜]>?|>)|<[A-Za-z]\w{2,40}(?=\s{0,4}[\n[{])|(?<![^\n])\w{5,40}(?=\s{0,2}[[{]|\n)/g
/** The token that a marker is or begins with: `<|open|>` of `<|open|>tools<|sep|>`. */
const TOKEN = /^(?:[^<>]{1,40}>?|<[^<>]{1,40}>?)/
/** A tag that is text: `<tool_call>`, `<function=`. */
const TEXT_TAG = /^<[A-Za-z]/
/** A tag of text with attributes, which may hold the name: `<tool_call id="1" name="f">` */
const WITH_ATTRIBUTES = /^<([A-Za-z][\w:.-]{0,40}) {1,4}[\w-]{1,20}=/
/** So many of them are looked at: a text that is full of tags says no more than its first ones. */
const MOST = 64
/** A tag of one word may be anybody's, unless the name stands right behind `=` or another tag, or its closer follows: `<channel>commentary to=f` */
const ANY_TAG = /^<?\/?[A-Za-z]{1,20}>?$/
const BEFORE_NAME = /(?:=["']?(?:functions\.)?|>)$/

/**
 * Looks in text in which no call was found for a marker of a format's calls that is spelt otherwise, before the name of a
 * given tool and what its arguments begin with: a call was meant, and it is lost. A special token may stand anywhere; a tag
 * that is text begins a line. `all`: whose reasoning may hold drafts.
 * @example respelledMarkers([kimiK2], formats)('<tool_call_begin>functions.run:0<tool_call_argument_begin>{}', tools)
 */
export function respelledMarkers(formats: readonly Format[], all: readonly Format[]): FindOtherFormat {
  const openers = formats
    .flatMap(({ families }) => families.flatMap((family) => family.openers))
    .filter(({ bare }) => bare !== true)
  const marked = openers.filter(({ marker }) => isSpecialToken(marker) || TEXT_TAG.test(marker))
  const tokens = [...marked.filter(isToken), ...marked.filter((opener) => !isToken(opener))]
    .map(({ marker, stem = false }) => ({ token: TOKEN.exec(marker.trim())?.[0] ?? '', stem }))
    .map(({ token, stem }) => ({
      token,
      letters: lettersOf(token),
      isWhole: !stem || token.endsWith('>'),
      isText: !isSpecialToken(token),
    }))
  const tokenOf = (tag: string) => {
    const word = lettersOf(tag)
    const [, name] = WITH_ATTRIBUTES.exec(tag) ?? []
    const bare = name === undefined ? word : lettersOf(name)
    if (openers.some(({ marker }) => marker !== '' && tag.startsWith(marker))) return undefined
    if (tokens.some(({ token }) => tag.startsWith(token))) return undefined
    return tokens.find(({ letters, isWhole, isText }) =>
      isWhole ? (isText ? bare : word) === letters : word.startsWith(letters),
    )
  }
  const closer = lastCloser(all)
  return (text, { tools: { names }, namesTool, settings }) => {
    // This alone rules out nearly every text.
    if (tokens.length === 0 || !namesTool) return undefined
    // A thought may hold drafts.
    const begin = closer(text).from + 1
    let tried = 0
    for (const { 0: tag, index: from } of text.matchAll(TAG)) {
      if (++tried > MOST) break
      const meant = tokenOf(tag)
      if (meant === undefined || from < begin) continue
      const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
      if (isQuoted(text, from)) continue
      // Without repairs a tag that is spelt otherwise is any text.
      if (meant.isText && (line.trim() !== '' || !settings.repair)) continue
      // The tag of a call in text may hold the name: `<FUNCTION=f>`, `<tool_call name="f">`.
      const mayName = meant.isText && (!meant.isWhole || WITH_ATTRIBUTES.test(tag))
      const at = mayName ? from + stemLength(tag, meant.letters.length) : from + tag.length
      const called = calledBehind(text, at, names)
      if (called === undefined) continue
      const isNear = BEFORE_NAME.test(text.slice(at, called.from)) || text.includes(`</${meant.token.slice(1)}`, at)
      if (ANY_TAG.test(tag) && !isNear) continue
      const message = `${tag} stands for ${meant.token}, and opens no call of ${quote(called.name)}`
      return { code: 'damaged-block', message, from, to: from + tag.length, isLoss: true }
    }
    return undefined
  }
}

function isToken({ marker }: Opener): boolean {
  return isSpecialToken(marker)
}

/** The length of the beginning of a tag that holds so many letters. */
function stemLength(tag: string, letters: number): number {
  let length = 0
  for (let found = 0; found < letters; length++) found += lettersOf(tag.charAt(length)).length
  return length
}
