import type { Reading } from '../../engine/reading.js'
import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import { toolOf } from '../../tools/schema.js'
import { LONGEST_NAME } from '../name-json/call-head.js'

const FLOWER = '✿'

/** The markers of Qwen-Agent, with a flower (U+273F) on both sides. */
export const MARKERS = {
  function: '✿FUNCTION✿',
  args: '✿ARGS✿',
  result: '✿RESULT✿',
  return: '✿RETURN✿',
} as const

/** What the end of the text can leave of a marker: a flower and at least one letter. */
export const cutMarkers: readonly string[] = [
  ...new Set(
    Object.values(MARKERS).flatMap((marker) =>
      Array.from({ length: marker.length - 2 }, (_, i) => marker.slice(0, i + 2)),
    ),
  ),
]

/** The name of a function. Indexes count from the colon on. */
export interface FlowerHead {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Characters up to what follows. */
  readonly length: number
  /** `cut`: the text ended inside the name or the marker behind it. */
  readonly next: 'args' | 'marker' | 'end' | 'cut'
}

/** A name and the marker behind it are searched for this far. */
const LONGEST = 200

/**
 * Reads the name behind `✿FUNCTION✿`, from the colon on; the cursor stays. Undefined for what is no header: a line of
 * prose, or a name that neither a marker, one of the `ends` nor the end of the text follows.
 */
export function readFlowerHead({ cursor, out }: Reading, ends: Matcher<string>): FlowerHead | undefined | typeof WAIT {
  let text = cursor.window.slice(cursor.at, cursor.at + LONGEST)
  const full = text.length === LONGEST
  // The beginning of a stop token tells nothing yet.
  text = text.slice(0, ends.find(text, 0, cursor.ended || full))
  const stopped = ends.hit !== undefined
  const over = stopped || (cursor.ended && !full)
  const from = spaceEnd(text, 1)
  let line = from
  while (line < text.length && text[line] !== '\n' && text[line] !== FLOWER) line++
  const name = text.slice(from, line).trimEnd()
  if (name.length > LONGEST_NAME) return undefined
  const length = spaceEnd(text, line)
  if (length === text.length) {
    if (!over) return full ? undefined : WAIT
    if (name === '') return stopped ? undefined : { name, from, to: from, length, next: 'cut' }
    const isWhole = stopped || (cursor.reason === 'stop' && !mustGoOn(name, out.tools, line === text.length))
    if (!isWhole) return { name, from, to: from + name.length, length, next: 'cut' }
    return isWord(name) ? { name, from, to: from + name.length, length, next: 'end' } : undefined
  }
  if (name === '') return undefined
  const next = markerAt(text.slice(length), over)
  if (next === WAIT) return full ? undefined : WAIT
  if (next === undefined) return undefined
  if (!isWord(name) && !out.tools.has(name)) {
    // Words: a name only before an object, else prose about the markers.
    const object = next === 'args' ? objectAt(text, length + MARKERS.args.length, over) : false
    if (object === WAIT) return full ? undefined : WAIT
    if (!object) return undefined
  }
  return { name, from, to: from + name.length, length: next === 'cut' ? text.length : length, next }
}

/**
 * Can a name that the text ends behind not be all there was to come? It is the beginning of a tool's name, or of a tool that
 * requires arguments: to run it without any would be to run half a call.
 */
function mustGoOn(name: string, tools: OfferedTools, atEnd: boolean): boolean {
  const schema = toolOf(tools, name)?.parameters
  if (typeof schema === 'object' && Array.isArray(schema.required) && schema.required.length > 0) return true
  return atEnd && !tools.has(name) && tools.startsName(name)
}

function markerAt(text: string, over: boolean): FlowerHead['next'] | undefined | typeof WAIT {
  if (text.startsWith(MARKERS.args)) return 'args'
  const markers = Object.values(MARKERS)
  if (markers.some((marker) => text.startsWith(marker))) return 'marker'
  if (!markers.some((marker) => marker.startsWith(text))) return undefined
  return over ? 'cut' : WAIT
}

/** Does an object stand behind the colon at `i`, or does the text end before one could? */
function objectAt(text: string, i: number, over: boolean): boolean | typeof WAIT {
  const at = spaceEnd(text, i + 1)
  return at < text.length ? text[at] === '{' : over || WAIT
}

/** Without arguments behind it, a name is one word. */
function isWord(name: string): boolean {
  return !/\s/.test(name)
}
