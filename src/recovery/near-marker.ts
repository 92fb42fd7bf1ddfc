import { type Cursor, WAIT } from '../text/cursor.js'
import { isAlike, lettersOf } from '../text/misspelt.js'

/** Nothing longer stands for a marker. */
const LONGEST = 80
/** Shorter words may differ by a single letter and mean something else. */
const LONG_WORD = 6
/** Ends what may stand for a marker, although its bracket is missing. */
const ENDS = '\n\r{}[]()"\'`=,;:'

const TOKEN = /^<\/?[ ]?[|｜‖][^<>|｜‖]{1,70}[|｜‖][ ]?>$/
const TAG = /^<[ ]?\/?[ ]?[A-Za-z][\w:-]{0,40}[ ]?\/?>$/

/** What stands in the place of a marker of the format. */
export interface NearMarker {
  readonly length: number
  /** The marker that it is a spelling of: cut, in other case, without its bars, with a blank, with one letter wrong. */
  readonly means: string | undefined
  /** It has the slash of a closer. */
  readonly isEnd: boolean
  /** What it looks like, whatever its word: `<|entry|>`, `<entry>` or `</entry>`, or only a part of such a thing. */
  readonly shape: 'token' | 'tag' | 'part'
}

/**
 * Reads what may stand for one of the markers of a format (decisions 5, 13 and 14). It says what stands there; what may come
 * of it is decided by its place, which whoever asks knows. Tags with a name and attributes are read by `NearTagReader`, which
 * values need as well; both judge words in the same way.
 */
export class NearMarkerReader {
  private readonly letters: readonly string[]
  private readonly headless: readonly string[]

  constructor(private readonly markers: readonly string[]) {
    this.letters = markers.map(lettersOf)
    this.headless = markers.map((marker) => marker.slice(1).toLowerCase())
  }

  /** What stands at an index; undefined for nothing of the kind, `WAIT` where the text ends inside of it. */
  at(text: string, at: number, ended: boolean): NearMarker | undefined | typeof WAIT {
    if (at === text.length) return ended ? undefined : WAIT
    if (text.charCodeAt(at) !== 0x3c) return this.withoutBracket(text.slice(at, at + LONGEST).toLowerCase(), ended)
    const to = stretchEnd(text, at, ended)
    if (to < 0) return to === WAIT ? WAIT : undefined
    const stretch = text.slice(at, to).trimEnd()
    const isEnd = stretch.includes('/') && !stretch.endsWith('/>')
    const shape = TOKEN.test(stretch) ? 'token' : TAG.test(stretch) ? 'tag' : 'part'
    return { length: stretch.length, means: this.meaning(stretch), isEnd, shape }
  }

  /** The marker that a text is a spelling of. Where its bracket is missing, no letter may be. */
  meaning(text: string): string | undefined {
    const letters = lettersOf(text)
    if (letters === '') return undefined
    const same = this.letters.indexOf(letters)
    if (same >= 0 || !text.endsWith('>')) return this.markers[same]
    return this.markers[this.letters.findIndex((known) => known.length >= LONG_WORD && isAlike(letters, known, 1))]
  }

  /** `tool_call>`, `|python_start|>` */
  private withoutBracket(text: string, ended: boolean): NearMarker | undefined | typeof WAIT {
    const i = this.headless.findIndex((rest) => text.startsWith(rest))
    const rest = this.headless[i]
    if (rest !== undefined)
      return { length: rest.length, means: this.markers[i], isEnd: rest.startsWith('/'), shape: 'part' }
    return !ended && this.headless.some((rest) => rest.startsWith(text)) ? WAIT : undefined
  }
}

const ANY = /* @__PURE__ */ new NearMarkerReader([])

/** Length of a whole close tag of any name, `</name>`, that stands at the cursor; 0 for none, or `WAIT`. */
export function closeTagLength({ window, at, ended }: Cursor): number {
  const behind = window.charAt(at + 1)
  if (behind !== '' && behind !== '/' && behind !== ' ') return 0
  const near = ANY.at(window, at, ended)
  if (near === WAIT) return WAIT
  return near?.shape === 'tag' && near.isEnd ? near.length : 0
}

/**
 * May all that stands between a whole payload and what follows its call stand for the call's close marker: a spelling of it,
 * or any one tag?
 * @example standsFor('<|tool call end', '<｜tool▁call▁end｜>') // true
 */
export function standsFor(text: string, marker: string): boolean {
  if (text.length > LONGEST) return false
  // What JSON is made of, or quotes a marker, belongs to no spelling.
  return /^<[^<>\n]{1,78}>$/.test(text) || (!/[{}"',:`]/.test(text) && lettersOf(text) === lettersOf(marker))
}

/** Index behind what may stand for a marker at `at`, its bracket included. */
function stretchEnd(text: string, at: number, ended: boolean): number {
  for (let i = at + 1; i < at + LONGEST; i++) {
    if (i >= text.length) return ended ? i : WAIT
    const character = text.charAt(i)
    if (character === '>') return i + 1
    if (character === ':') {
      if (i + 1 === text.length && !ended) return WAIT
      // A namespace: `<minimax:tool_call>`.
      if (/[a-z]/i.test(text.charAt(i + 1))) continue
    }
    if (character === '<' || ENDS.includes(character)) return i
  }
  return NONE
}

const NONE = -3
