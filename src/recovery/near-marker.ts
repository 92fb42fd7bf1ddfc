import { WAIT } from '../text/cursor.js'
import { isAlike, lettersOf } from '../text/misspelt.js'

/** Nothing longer stands for a marker. */
const LONGEST = 64
/** Words with fewer letters are told from each other by one. */
const LONG_WORD = 6
/** Ends what may stand for a marker, although its bracket is missing. */
const ENDS = '\n\r{}[]()"\'`=,;:'

const TOKEN = /^<\/?[ ]?[|｜‖]/
const TAG = /^<[ ]?\/?[ ]?[A-Za-z][\w-]{0,40}[ ]?\/?>$/
const END_TAG = /^<\//

/** What stands in the place of a marker, and is none of the format. */
export interface NearMarker {
  readonly length: number
  /** The marker that it is a spelling of: cut, in other case, without its bars, with a blank, with one letter wrong. */
  readonly means: string | undefined
  /** What it looks like otherwise: `<|entry|>`, `<entry>`, `</entry>`, or none of these. */
  readonly shape: 'token' | 'tag' | 'end-tag' | 'part'
}

/**
 * Reads what may stand for one of the markers of a format (decisions 5, 13 and 14). It says what stands there; what may come
 * of it is decided by its place, which whoever asks knows.
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
    if (text.charCodeAt(at) !== 0x3c) return this.withoutBracket(text.slice(at, at + LONGEST).toLowerCase(), ended)
    const to = stretchEnd(text, at, ended)
    if (to < 0) return to === WAIT ? WAIT : undefined
    const stretch = text.slice(at, to).trimEnd()
    return { length: stretch.length, means: this.meaning(stretch), shape: shapeOf(stretch) }
  }

  /** The marker that a text is a spelling of. */
  meaning(text: string): string | undefined {
    const letters = lettersOf(text)
    if (letters === '') return undefined
    const same = this.letters.indexOf(letters)
    const i =
      same >= 0 ? same : this.letters.findIndex((known) => known.length >= LONG_WORD && isAlike(letters, known, 1))
    return this.markers[i]
  }

  /** `tool_call>`, `|python_start|>` */
  private withoutBracket(text: string, ended: boolean): NearMarker | undefined | typeof WAIT {
    const i = this.headless.findIndex((rest) => text.startsWith(rest))
    const rest = this.headless[i]
    if (rest !== undefined) return { length: rest.length, means: this.markers[i], shape: 'part' }
    return !ended && this.headless.some((rest) => rest.startsWith(text)) ? WAIT : undefined
  }
}

function shapeOf(stretch: string): NearMarker['shape'] {
  if (TOKEN.test(stretch)) return 'token'
  return TAG.test(stretch) ? (END_TAG.test(stretch) ? 'end-tag' : 'tag') : 'part'
}

/** Index behind what may stand for a marker at `at`, its bracket included. */
function stretchEnd(text: string, at: number, ended: boolean): number {
  for (let i = at + 1; i < at + LONGEST; i++) {
    if (i >= text.length) return ended ? i : WAIT
    const character = text.charAt(i)
    if (character === '>') return i + 1
    if (character === '<' || ENDS.includes(character)) return i
  }
  return -3
}
