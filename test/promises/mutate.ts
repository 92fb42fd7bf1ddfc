import fc from 'fast-check'

export const MUTATIONS = [
  'delete',
  'duplicate',
  'swap',
  'truncate',
  'insert',
  'insert-in-string',
  'append',
  'delete-character',
] as const

/** One step of damage. Numbers are taken modulo what there is. */
export interface Mutation {
  kind: (typeof MUTATIONS)[number]
  at: number
  piece: number
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...MUTATIONS),
  at: fc.nat({ max: 100_000 }),
  piece: fc.nat({ max: 1000 }),
})

interface Span {
  from: number
  to: number
}

/** Damages a text: deletes, doubles or swaps pieces of the format's syntax, cuts the text, puts pieces anywhere. */
export function mutate(text: string, pieces: readonly string[], steps: readonly Mutation[]): string {
  return steps.reduce((damaged, step) => mutateOnce(damaged, pieces, step), text)
}

function mutateOnce(text: string, pieces: readonly string[], { kind, at, piece }: Mutation): string {
  const extra = pick(pieces, piece) ?? ''
  const place = at % (text.length + 1)
  switch (kind) {
    case 'truncate':
      return text.slice(0, place)
    case 'insert':
      return text.slice(0, place) + extra + text.slice(place)
    case 'append':
      return `${text} And so on.${extra}`
    case 'delete-character':
      return text.slice(0, place) + text.slice(place + 1)
    case 'insert-in-string': {
      const quotes = placesOf(text, ['"', "'", '>'])
      const to = pick(quotes, at)?.to ?? place
      return text.slice(0, to) + extra + text.slice(to)
    }
  }
  const spans = placesOf(text, pieces)
  const span = pick(spans, at)
  if (span === undefined) return text
  const { from, to } = span
  const found = text.slice(from, to)
  if (kind === 'delete') return text.slice(0, from) + text.slice(to)
  if (kind === 'duplicate') return text.slice(0, to) + found + text.slice(to)
  const other = pick(spans, at + piece) ?? span
  const [first, second] = other.from < from ? [other, span] : [span, other]
  if (first.to > second.from) return text
  return [
    text.slice(0, first.from),
    text.slice(second.from, second.to),
    text.slice(first.to, second.from),
    text.slice(first.from, first.to),
    text.slice(second.to),
  ].join('')
}

function pick<T>(items: readonly T[], i: number): T | undefined {
  return items.length === 0 ? undefined : items[i % items.length]
}

/** Where pieces stand in a text. */
function placesOf(text: string, pieces: readonly string[]): Span[] {
  const spans: Span[] = []
  for (const piece of pieces) {
    for (let i = text.indexOf(piece); i >= 0 && spans.length < 200; i = text.indexOf(piece, i + piece.length)) {
      spans.push({ from: i, to: i + piece.length })
    }
  }
  return spans.sort((a, b) => a.from - b.from)
}
