import type { PatternNode } from '../pattern/pattern-node.js'
import type { Anchor } from '../template.js'

/** A part of a pattern, as far as shapes tell them apart. */
export type Piece =
  | { readonly is: 'text'; readonly text: string }
  /** White space that may be there. */
  | { readonly is: 'space' }
  | { readonly is: 'group'; readonly name: string }
  | { readonly is: 'choice'; readonly options: readonly (readonly Piece[])[] }
  | { readonly is: 'other' }

/** A pattern as pieces that follow one another. A line break beside white space that may be there is part of that: `\s*\n`. */
export function piecesOf(node: PatternNode): readonly Piece[] {
  const pieces: Piece[] = []
  for (const item of node.kind === 'sequence' ? node.items : [node]) {
    const character = item.kind === 'set' ? item.set.single : undefined
    const last = pieces[pieces.length - 1]
    if (item.kind === 'repeat' && item.item.kind === 'set' && item.item.set.isSpace) {
      if (last?.is === 'text') pieces.splice(-1, 1, { is: 'text', text: last.text.trimEnd() })
      if (last?.is !== 'space') pieces.push({ is: 'space' })
    } else if (character === undefined) pieces.push(pieceOf(item))
    else if (last?.is === 'text') pieces.splice(-1, 1, { is: 'text', text: last.text + character })
    else if (last?.is !== 'space' || character.trim() !== '') pieces.push({ is: 'text', text: character })
  }
  return pieces
}

function pieceOf(node: PatternNode): Piece {
  if (node.kind === 'group' && node.name !== undefined) return { is: 'group', name: node.name }
  if (node.kind === 'choice') return { is: 'choice', options: node.options.map(piecesOf) }
  if (node.kind === 'repeat' && node.min === 0 && node.max === 1)
    return { is: 'choice', options: [piecesOf(node.item), []] }
  return { is: 'other' }
}

/** A pattern as one word: its texts as they are, ` ` for white space that may be there, `{name}` for groups, `*` for all else. */
export function outline(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (piece.is === 'text') return piece.text
      if (piece.is === 'space') return ' '
      return piece.is === 'group' ? `{${piece.name}}` : '*'
    })
    .join('')
    .trim()
}

/** The pieces of what opens or closes a field. */
export function anchorPieces({ program }: Anchor): readonly Piece[] {
  return piecesOf(program.node)
}

/**
 * The texts that something matches, but for white space around them; the end of the text is none. Undefined if they cannot be
 * listed.
 */
export function textsOf(anchor: Anchor | undefined): readonly string[] | undefined {
  if (anchor === undefined) return []
  if (anchor.literals !== undefined) return anchor.literals
  const { node } = anchor.program
  const options = node.kind === 'choice' ? node.options : [node]
  return allOf(
    options.map((option) =>
      option.kind === 'condition' && option.condition.test === 'end' ? [] : textsIn(piecesOf(option)),
    ),
  )
}

function textsIn(pieces: readonly Piece[]): string[] | undefined {
  const from = pieces[0]?.is === 'space' ? 1 : 0
  const to = pieces[pieces.length - 1]?.is === 'space' ? -1 : undefined
  let texts = ['']
  for (const piece of pieces.slice(from, to)) {
    const next =
      piece.is === 'text' ? [piece.text] : piece.is === 'choice' ? allOf(piece.options.map(textsIn)) : undefined
    if (next === undefined || texts.length * next.length > 64) return undefined
    texts = texts.flatMap((before) => next.map((text) => before + text))
  }
  return texts
}

/** The texts of all options; undefined if those of one cannot be listed. */
function allOf(options: readonly (readonly string[] | undefined)[]): string[] | undefined {
  return options.every((texts) => texts !== undefined) ? options.flat() : undefined
}
