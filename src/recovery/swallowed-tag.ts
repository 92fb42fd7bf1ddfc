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
const WORD_CODE = /[\w.-]/
/** A word, and what stands between it and a key: `parameter=`, `parameter string="true" name="`, `arg_key>`. */
const BEFORE_KEY =
  /([\w:.|-]{3,40})(?:[ \t]{1,4}[\w-]{1,16}[=:]["']?\w{0,16}["']?)?[ \t]{0,4}(?:[=:>]|(?:name|key)[ \t]{0,4}[=:]?)[ \t]{0,4}["'`“”‘’]{0,2}[ \t]{0,4}$/i
const BRACKET = /[</｜|‖\\][ ]?$/
const BRACKET_BEHIND = /^["'`“”‘’]{0,2}(?:[ \t]{1,4}[\w-]{1,16}[=:]["']?\w{0,16}["']?){0,2}\s{0,4}\/?>/
const MARKER_BEHIND = /^\s{0,4}<[^\w\n]{0,4}([\w:.|-]{3,40})/

/**
 * Does a raw value hold the tag of an argument that its tool declares, damaged, so that it was read as text, and nothing behind it
 * that closes it? Then the value is not meant as one: it has swallowed that argument.
 * @param raw the value as it was read
 * @param keys the arguments that the tool declares
 * @example swallowsTag('x</parameter>\n<parameter=mode&gt;\nfast', tags, ['mode']) // true
 * @example swallowsTag('see <parameter=mode&gt;, then </parameter>', tags, ['mode']) // false: it quotes both of them
 */
export function swallowsTag(raw: string, tags: ArgumentTags, keys: Iterable<string>): boolean {
  const { openers } = tags
  if (openers.length === 0) return false
  let last = -1
  for (const key of keys) {
    if (key === '') continue
    for (let at = raw.indexOf(key, last + 1); at >= 0; at = raw.indexOf(key, at + key.length))
      if (isOpened(raw, at, at + key.length, tags)) last = at
  }
  return last >= 0 && !angled(raw.slice(last)).includes(tags.closer.slice(0, -1))
}

/** Is the key that stands in from..to between what is left of its tag? */
function isOpened(raw: string, from: number, to: number, tags: ArgumentTags): boolean {
  if (WORD_CODE.test(raw.charAt(from - 1)) || WORD_CODE.test(raw.charAt(to))) return false
  const { openers, keyEnds = [] } = tags
  const before = angled(raw.slice(Math.max(0, from - BESIDE), from))
  const behind = angled(raw.slice(to, to + BESIDE))
  const word = BEFORE_KEY.exec(before)
  const isTagged =
    word !== null &&
    isSpelling(word[1] as string, openers) &&
    (BRACKET.test(before.slice(0, word.index)) || BRACKET_BEHIND.test(behind))
  const end = MARKER_BEHIND.exec(behind)?.[1]
  if (!isTagged && (end === undefined || !isSpelling(end, keyEnds))) return false
  const tag = tags.at?.(raw, raw.lastIndexOf('<', from))
  return typeof tag !== 'object' || tag.broken === true || tag.name !== raw.slice(from, to)
}

/** Is a word, without what may stand before or behind it, a spelling of one of these? `|DSML|parameter`, `arg_key:6124c78e` */
function isSpelling(word: string, known: readonly string[]): boolean {
  const lower = word.toLowerCase()
  const forms = [lower, lower.slice(lower.lastIndexOf('|') + 1), lower.split(':', 1)[0] as string]
  return known.some((one) => forms.some((form) => form.endsWith(one) || isAlike(form, one)))
}
