import { isSpace } from '../text/characters.js'
import type { WAIT } from '../text/cursor.js'
import { isAlike } from '../text/misspelt.js'
import { angled } from './raw-tail.js'

/** What the tags of arguments look like in a format. */
export interface ArgumentTags {
  /** The words of what opens one. */
  readonly openers: readonly string[]
  /** Of formats whose keys are elements: the words of what stands behind a key. */
  readonly keyEnds?: readonly string[]
  /** What closes one. */
  readonly closer: string
  /**
   * The tag at an index, if a whole one stands there. It was judged when the value was read, and is data. Left out where the value
   * holds a close marker of its own, which then parts it from a tag behind it, whole or not.
   */
  readonly at?: (text: string, start: number) => WholeTag | undefined | typeof WAIT
}

interface WholeTag {
  readonly name?: string | undefined
  readonly broken?: boolean
}

/** As much of the text beside a key as is looked at. */
const BESIDE = 64
/** So many keys that may stand in a tag are looked at, from the end of the value on: one that has more of them is about tags. */
const MOST_LOOKS = 64
/** What stands before a key in its tag, quotes and blanks left out: `=`, `:`, `>`, one of them escaped, `name`, `key`. */
const BEFORE = '=:>＞];eEyY'
/** What may stand between the two. */
const BETWEEN = '"\'`“”‘’ \t'
/** What a marker behind a key begins with, escaped or not. */
const BEHIND = '<&＜['
/** A word, and what stands between it and a key: `parameter=`, `parameter string="true" name="`, `arg_key>`. */
const BEFORE_KEY =
  /([\w:.|-]{3,40})(?:[ \t]{1,4}[\w-]{1,16}[=:]["']?\w{0,16}["']?)?[ \t]{0,4}(?:[=:>]|\r?\n|(?:name|key)[ \t]{0,4}[=:]?)[ \t]{0,4}["'`“”‘’]{0,2}[ \t]{0,4}$/i
const BRACKET = /[</｜|‖\\][ ]?$/
const BRACKET_BEHIND = /^["'`“”‘’]{0,2}(?:[ \t]{1,4}[\w-]{1,16}[=:]["']?\w{0,16}["']?){0,2}\s{0,4}\/?>/
const MARKER_BEHIND = /^\s{0,4}<[^\w\n]{0,4}([\w:.|-]{3,40})/

/**
 * Does a raw value hold the tag of an argument that its tool declares, damaged, so that it was read as text, and nothing behind it
 * that closes it? Then the value is not meant as one: it has swallowed that argument.
 * @param raw the value as it was read
 * @param keys the arguments that the tool declares and that have not come, and the one whose value it is: its tag may have come twice
 * @param tagsOf what their tags look like; asked only where a key may stand in one
 * @example swallowsTag('x</parameter>\n<parameter=mode&gt;\nfast', ['mode'], tagsOf) // true
 * @example swallowsTag('see <parameter=mode&gt;, then </parameter>', ['mode'], tagsOf) // false: it quotes both of them
 */
export function swallowsTag(raw: string, keys: Iterable<string>, tagsOf: () => ArgumentTags): boolean {
  const places: Place[] = []
  for (const name of keys) {
    for (const key of spellingsOf(name)) {
      for (let from = raw.indexOf(key); from >= 0 && key !== ''; from = raw.indexOf(key, from + key.length))
        if (mayBeTagged(raw, from, from + key.length)) places.push({ from, to: from + key.length })
    }
  }
  if (places.length === 0) return false
  const tags = tagsOf()
  places.sort((a, b) => b.from - a.from)
  const last = places.slice(0, MOST_LOOKS).find((place) => isOpened(raw, place, tags))
  return last !== undefined && !angled(raw.slice(last.from)).includes(tags.closer.slice(0, -1))
}

/**
 * A key as models write it in tags in capitals. Looking for each is several times as fast as making a long value lower case.
 * @example spellingsOf('mode') // mode, MODE, Mode
 */
function spellingsOf(key: string): Set<string> {
  const lower = key.toLowerCase()
  const upper = key.toUpperCase()
  return new Set([key, lower, upper, upper.charAt(0) + lower.slice(1)])
}

/** Where a key stands. */
interface Place {
  readonly from: number
  readonly to: number
}

/** A cheap look at what stands beside a key, which rules out nearly all words of ordinary text. */
function mayBeTagged(raw: string, from: number, to: number): boolean {
  if (isWord(raw.charCodeAt(from - 1)) || isWord(raw.charCodeAt(to))) return false
  let before = from - 1
  while (before > 0 && from - before < BESIDE && BETWEEN.includes(raw.charAt(before))) before--
  if (before >= 0 && BEFORE.includes(raw.charAt(before))) return true
  // A line break in the tag: `<parameter↵mode>`.
  if (raw.charAt(before) === '\n' && raw.charAt(to) === '>') return true
  let behind = to
  while (behind - to < BESIDE && isSpace(raw.charCodeAt(behind))) behind++
  return behind < raw.length && BEHIND.includes(raw.charAt(behind))
}

/** Does a character go on with a word? None stands beyond the ends of a text: its code is NaN. */
function isWord(code: number): boolean {
  if (code === 0x2d || code === 0x2e || code === 0x5f) return true
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}

/** Is a key between what is left of its tag? */
function isOpened(raw: string, { from, to }: Place, { openers, keyEnds = [], at }: ArgumentTags): boolean {
  const before = angled(raw.slice(Math.max(0, from - BESIDE), from))
  const behind = angled(raw.slice(to, to + BESIDE))
  const word = BEFORE_KEY.exec(before)
  const isTagged =
    word !== null &&
    isSpelling(word[1] as string, openers) &&
    (BRACKET.test(before.slice(0, word.index)) || BRACKET_BEHIND.test(behind))
  const end = MARKER_BEHIND.exec(behind)?.[1]
  if (!isTagged && (end === undefined || !isSpelling(end, keyEnds))) return false
  const tag = at?.(raw, raw.lastIndexOf('<', from))
  return typeof tag !== 'object' || tag.broken === true || tag.name !== raw.slice(from, to)
}

/** Is a word, without what may stand before or behind it, a spelling of one of these? `|DSML|parameter`, `arg_key:6124c78e` */
function isSpelling(word: string, known: readonly string[]): boolean {
  const lower = word.toLowerCase()
  const forms = [lower, lower.slice(lower.lastIndexOf('|') + 1), lower.split(':', 1)[0] as string]
  return known.some((one) => forms.some((form) => form.endsWith(one) || isAlike(form, one)))
}
