import type { Piece } from './pieces.js'

/** One way of damaging a piece of markup: what stands in its place; undefined or the same text where it does not apply. */
export interface Way {
  readonly name: string
  readonly damage: (piece: Piece) => string | undefined
}

/** The fixed list. A way is added for a kind of damage that models have been seen to do, never for one text. */
export const WAYS: readonly Way[] = [
  { name: 'dropped', damage: () => '' },
  { name: 'doubled', damage: ({ text }) => text + text },
  {
    name: 'doubled on the next line',
    damage: ({ kind, text }) => (kind === 'break' ? undefined : `${text}\n${text}`),
  },
  { name: 'first character missing', damage: ({ text }) => longer(text)?.slice(1) },
  { name: 'last character missing', damage: ({ text }) => longer(text)?.slice(0, -1) },
  { name: 'slash missing', damage: ({ text }) => text.replace('/', '') },
  { name: 'blank inside, in front', damage: (piece) => enclosed(piece)?.replace(/^([<[]\/?|["'✿])/, '$1 ') },
  { name: 'blank inside, at the end', damage: (piece) => enclosed(piece)?.replace(/(.)$/, ' $1') },
  { name: 'self-closed', damage: ({ kind, text }) => (kind === 'tag' ? text.replace(/>$/, '/>') : undefined) },
  { name: 'other case', damage: otherCase },
  { name: 'bars missing', damage: ({ text }) => text.replace(/[|｜]/g, '') },
  { name: 'another word', damage: anotherWord },
  { name: 'swapped for its like', damage: swapped },
  { name: 'ascii characters', damage: ({ text }) => text.replaceAll('｜', '|').replaceAll('▁', '_') },
  { name: 'other quotes', damage: ({ text }) => text.replace(/["']/g, (quote) => (quote === '"' ? "'" : '"')) },
  {
    name: 'curly quotes',
    damage: ({ kind, text }) => (kind === 'quote' ? '”' : text.replace(/["'](.*?)["']/g, '“$1”')),
  },
  { name: 'CR LF', damage: ({ text }) => text.replace('\n', '\r\n') },
]

function longer(text: string): string | undefined {
  return text.length > 1 ? text : undefined
}

/** Pieces that have an inside. */
function enclosed({ kind, text }: Piece): string | undefined {
  return kind === 'tag' || kind === 'key' || kind === 'marker' ? text : undefined
}

/** The text with what is markup in it changed, and what is kept left alone. */
function outside({ text, kept }: Piece, change: (markup: string) => string): string {
  let changed = ''
  let at = 0
  for (const [from, to] of kept) {
    changed += change(text.slice(at, from)) + text.slice(from, to)
    at = to
  }
  return changed + change(text.slice(at))
}

function otherCase(piece: Piece): string {
  const isLower = /[a-z]/.test(outside(piece, (markup) => markup))
  return outside(piece, (markup) => (isLower ? markup.toUpperCase() : markup.toLowerCase()))
}

/** `</parameter>` to `</entry>`. */
function anotherWord(piece: Piece): string | undefined {
  if (piece.kind === 'break') return undefined
  let first = true
  return outside(piece, (markup) =>
    markup.replace(/[A-Za-z_▁]{2,}/, (word) => {
      if (!first) return word
      first = false
      return 'entry'
    }),
  )
}

const LIKE: Readonly<Record<string, string>> = {
  '{': '[',
  '}': ']',
  '[': '{',
  ']': '}',
  '(': '[',
  ')': ']',
  ':': '=',
  '=': ':',
  ',': ';',
  ';': ',',
}

/** Openers and closers for each other, a bracket for another, a separator for another. */
function swapped({ kind, text }: Piece): string | undefined {
  if (kind === 'bracket' || kind === 'separator') return LIKE[text]
  if (kind === 'tag') return text.startsWith('</') ? text.replace('</', '<') : text.replace('<', '</')
  if (kind === 'marker') return text.replace(/^\[\/?/, '<').replace(/\]$/, '>')
  return undefined
}
