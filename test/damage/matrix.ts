import type { Format } from '../../src/index.js'
import { type Hole, holesOf } from './holes.js'
import { type Piece, piecesIn } from './pieces.js'
import { type Shape, shapesOf } from './shapes.js'
import { WAYS } from './ways.js'

/** A call with one piece of its markup damaged in one way. */
export interface Damaged {
  readonly shape: Shape
  /** The piece as it was: `</parameter>`. */
  readonly piece: string
  /** Its place in the undamaged text. */
  readonly at: number
  readonly way: string
  readonly text: string
}

/** The first sample of each shape is its text as it is: it has to be read right, or the matrix judges nothing. */
export const UNDAMAGED = 'nothing'

/** Every damage of every shape that a format can write. Each text comes once. */
export function matrixOf(format: Format): Damaged[] {
  return shapesOf(format).flatMap((shape) => {
    const { text, before = '' } = shape
    const holes = holesOf(format, shape)
    const pieces = piecesIn(format, text, holes)
    const single = pieces.flatMap((piece) => damagesOf(shape, text, piece))
    const whole = { shape, piece: '', at: 0, way: UNDAMAGED, text }
    const seen = new Set<string>()
    return [whole, ...single, lineBreaks(shape, text, holes)].flatMap((damaged) => {
      if (seen.has(damaged.text)) return []
      seen.add(damaged.text)
      return [{ ...damaged, at: before.length + damaged.at, text: before + damaged.text }]
    })
  })
}

function damagesOf(shape: Shape, text: string, piece: Piece): Damaged[] {
  return WAYS.flatMap(({ name, damage }) => {
    const put = damage(piece)
    if (put === undefined || put === piece.text) return []
    const damaged = text.slice(0, piece.from) + put + text.slice(piece.to)
    return [{ shape, piece: piece.text, at: piece.from, way: name, text: damaged }]
  })
}

/** All line breaks of the markup as Windows writes them. */
function lineBreaks(shape: Shape, text: string, holes: readonly Hole[]): Damaged {
  const values = holes.filter(({ kind }) => kind === 'value')
  let changed = ''
  for (const [i, character] of text.split('').entries()) {
    const isData = values.some(({ from, to }) => from <= i && i < to)
    changed += character === '\n' && !isData ? '\r\n' : character
  }
  return { shape, piece: '\n', at: 0, way: 'CR LF everywhere', text: changed }
}
