import type { Format } from '../../src/index.js'
import { markersOf } from '../promises/format-facts.js'
import type { Hole } from './holes.js'

/** One piece of markup in a text. */
export interface Piece {
  readonly kind: 'tag' | 'marker' | 'fence' | 'key' | 'word' | 'quote' | 'bracket' | 'separator' | 'break'
  readonly from: number
  readonly to: number
  readonly text: string
  /** Stretches inside the piece that are no markup: the name in `<function=NAME>`. Offsets into the piece. */
  readonly kept: readonly (readonly [number, number])[]
}

const KINDS: readonly (readonly [Piece['kind'], RegExp])[] = [
  // One token, which stands before each tag of MiniMax M3.
  ['marker', /\]<\]\w{1,20}\[>\[/y],
  ['tag', /<[^<>\n]{1,100}>/y],
  ['marker', /\[\/?[A-Z_]+\]|✿[A-Z]+✿/y],
  ['fence', /```[a-z]*/y],
  ['key', /"[a-z_]+"|'[a-z_]+'/y],
  ['quote', /["'`]/y],
  ['bracket', /[{}[\]()]/y],
  ['separator', /[:,;=]/y],
  ['break', /\n/y],
  ['word', /[A-Za-z_]+/y],
]

/** Every piece of markup of a text, those inside tags and keys as well. */
export function piecesIn(format: Format, text: string, holes: readonly Hole[]): Piece[] {
  const pieces: Piece[] = []
  const markers = markersOf(format).filter((marker) => marker.length > 1)
  for (let at = 0; at < text.length; ) {
    const hole = holes.find(({ from, to }) => from <= at && at < to)
    if (hole !== undefined) {
      at = hole.to
      continue
    }
    const piece = pieceAt(text, at, holes) ?? markerAt(text, at, markers)
    if (piece !== undefined) pieces.push(piece)
    // What a tag or a key is made of: its quotes.
    at = piece === undefined || piece.kind === 'tag' || piece.kind === 'key' ? at + 1 : piece.to
    if (piece?.kind === 'tag' || piece?.kind === 'key') {
      for (; at < piece.to; at++) {
        const inHole = holes.some(({ from, to }) => from <= at && at < to)
        if (!inHole && /["']/.test(text.charAt(at))) pieces.push(plain('quote', text, at, at + 1))
      }
      if (piece.kind === 'key') pieces.push(plain('quote', text, piece.from, piece.from + 1))
    }
  }
  return pieces
}

function pieceAt(text: string, at: number, holes: readonly Hole[]): Piece | undefined {
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) continue
    const to = at + found[0].length
    const inside = holes.filter((hole) => hole.from < to && hole.to > at)
    // A tag may hold a name or a key. Nothing else may, and nothing holds a value.
    if (inside.some((hole) => hole.kind === 'value' || hole.to > to)) continue
    if (kind !== 'tag' && inside.length > 0) continue
    return { ...plain(kind, text, at, to), kept: inside.map((hole) => [hole.from - at, hole.to - at] as const) }
  }
  return undefined
}

/** A marker of the format that looks like nothing known. */
function markerAt(text: string, at: number, markers: readonly string[]): Piece | undefined {
  const marker = markers.find((one) => text.startsWith(one, at))
  return marker === undefined ? undefined : plain('marker', text, at, at + marker.length)
}

function plain(kind: Piece['kind'], text: string, from: number, to: number): Piece {
  return { kind, from, to, text: text.slice(from, to), kept: [] }
}
