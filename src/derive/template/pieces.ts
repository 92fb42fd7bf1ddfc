import { stringEnd } from '../../values/json/json-characters.js'

/** What a rendered text is made of: markers, and the text between them. */
export interface Piece {
  readonly isMarker: boolean
  readonly text: string
  readonly from: number
  readonly to: number
}

/** `<tool_call>`, `<|im_end|>`, `<invoke name="f">`; `[TOOL_CALLS]`; `✿ARGS✿`. */
const MARKER = /<[^<>\s][^<>\n]{0,200}>|\[\/?[A-Z][A-Z0-9_]{2,40}\]|✿[A-Z]{2,20}✿/gu

/** White space between markers is left out: it is the template's, and models may leave it out. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  const add = (isMarker: boolean, from: number, to: number) => {
    const piece = text.slice(from, to)
    if (piece.trim() !== '') pieces.push({ isMarker, text: piece, from, to })
  }
  let at = 0
  for (const { index, 0: marker } of text.matchAll(MARKER)) {
    add(false, at, index)
    add(true, index, index + marker.length)
    at = index + marker.length
  }
  add(false, at, text.length)
  return pieces
}

/** The markers of a text, in their order. */
export function markersIn(text: string): string[] {
  return piecesOf(text)
    .filter(({ isMarker }) => isMarker)
    .map(({ text }) => text)
}

/** How much both begin with, in whole pieces of the second. */
export function commonStart(one: string, other: string): number {
  let end = 0
  while (end < other.length && one[end] === other[end]) end++
  if (end === other.length || end === 0) return end
  const cut = piecesOf(other).find(({ from, to }) => from < end && end < to)
  // `<think>` and `<tool_call>` begin alike: neither is cut.
  const own = piecesOf(one).find(({ isMarker, from, to }) => isMarker && from < end && end < to)
  if (own !== undefined) return own.from
  return cut?.isMarker === true ? cut.from : end
}

/** How much both end with, in whole pieces of the second. */
export function commonEnd(one: string, other: string): number {
  let length = 0
  while (length < other.length && length < one.length && one.at(-1 - length) === other.at(-1 - length)) length++
  const at = other.length - length
  const cut = piecesOf(other).find(({ from, to }) => from < at && at < to)
  if (cut === undefined) return length
  // A word is not cut either.
  return other.length - cut.to
}

/** The white space at the start and the end of a text. */
export const spaceBefore = (text: string): string => text.slice(0, text.length - text.trimStart().length)
export const spaceBehind = (text: string): string => text.slice(text.trimEnd().length)

/** Where the JSON value begins and ends that holds an offset, the outermost that there is. */
export function jsonAround(text: string, at: number): { from: number; to: number; value: unknown } | undefined {
  for (let from = 0; from <= at; from++) {
    if (text[from] !== '{' && text[from] !== '[') continue
    const to = closeOf(text, from)
    if (to <= at) continue
    try {
      return { from, to, value: JSON.parse(text.slice(from, to)) }
    } catch {
      // A bracket of something else.
    }
  }
  return undefined
}

/** Behind the bracket that closes the one at `from`; -1 if none does. */
function closeOf(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const c = text[i]
    if (c === '"') i = stringEnd(text, i) - 1
    else if (c === '{' || c === '[') depth++
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1
  }
  return -1
}
