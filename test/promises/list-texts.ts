import type { Format } from '../../src/index.js'
import { markersOf, openersOf, piecesOf, renderOf } from './format-facts.js'

/** A lead that is followed by one unit over and over, to any length. */
export interface ListText {
  readonly name: string
  /** At least n characters, in whole units: what an end costs does not depend on where a unit is cut. */
  readonly text: (n: number) => string
}

/** What a list may be made of whatever the format, calls and no calls. */
const UNITS = [
  ...['[', ']', '{', '}', '<', '</', '(', ')', ',', ';', '"', "'", '`', '\\', ' ', '\n', '\r\n', '\t', '#', '1', 'a'],
  ...[
    '{"x": 1}, ',
    '"a", ',
    'null, ',
    '1, ',
    '[], ',
    '{}, ',
    '[1], ',
    "{'x': 1}, ",
    'f(',
    'f(x=1), ',
    'f(x), ',
    'a=1, ',
  ],
  ...['{"x": 1}\n', '{"x": 1}; ', '{"x": 1}', '}, ', '], ', ',,', ', , '],
  ...['```\n', '```json\n', '```json\n{"x": 1}\n```\n', '`a` ', '"""', "'''"],
  ...[
    '{"name": ',
    '{"name": "f", ',
    '{"name": "f"}, ',
    '{"name": "f", "arguments": {}}, ',
    '{"name": "f", "arguments": {} ',
  ],
  ...['\0', '\u0001', '\u001f', '\ufeff', '\u200b', '\ud83d\ude00', '\ud83d', '\\u0041', '\\"', '\\n', '\\x'],
  ...['word ', 'a: 1, ', '<a>', '</a>', '<a>1</a>\n'],
]

/** A share of the texts that differs from turn to turn: in `of` turns all come up, each lead and each unit in most of them. */
export interface Share {
  readonly of: number
  readonly turn: number
}

/** Texts of one unit behind one lead, in the words of a format: every lead with every unit, or a share of these. */
export function listTexts(format: Format, { of, turn }: Share = { of: 1, turn: 0 }): ListText[] {
  const units = [...new Set([...UNITS, ...ownUnits(format)])]
  return leadsOf(format).flatMap((lead, row) =>
    units
      .filter((_, column) => (row + column) % of === turn % of)
      .map((unit) => ({
        name: `${JSON.stringify(lead)} + ${JSON.stringify(unit)} …`,
        text: (n: number) => lead + unit.repeat(Math.ceil(Math.max(0, n - lead.length) / unit.length)),
      })),
  )
}

/** Nothing, every opener, a list and an object behind it, and all that a call begins with, up to each name, key and value. */
function leadsOf(format: Format): string[] {
  const openers = alike([...openersOf(format), ...(format.reasoning?.blocks ?? []).map(({ open }) => open)])
  const written = renderOf(format, [CALL]) ?? ''
  const begun = [...written.matchAll(/zq[_a-z]+|$/g)].map(({ index }) => written.slice(0, index))
  const behind = openers.flatMap((opener) => [opener, `${opener}[`, `${opener}{"name": "f", "arguments": {"a": [`])
  return [...new Set(['', ...behind, ...begun])]
}

const CALL = { name: 'zq_one', arguments: { zqkey: 'zqvalue', zqother: 'zqlast' } }

/** The format's own markers and pieces, its blocks without a call, whole calls, calls cut short, and reasoning without a word. */
function ownUnits(format: Format): string[] {
  const call = renderOf(format, [{ name: 'f', arguments: { a: 'b' } }]) ?? ''
  const other = renderOf(format, [{ name: 'f', arguments: {} }]) ?? ''
  const [opener = ''] = openersOf(format)
  const closer = markersOf(format).find((marker) => marker === opener.replace('<', '</')) ?? opener
  const empty = (format.reasoning?.blocks ?? []).flatMap(({ open, close }) => [open + close, `${open}a${close}`])
  const blocks = [opener + closer, `${opener}{"x": 1}${closer}`, `${opener}[{"x": 1}]${closer}\n`, `${opener} `]
  const calls = [call, `${other}\n`, call.slice(0, -3), call.slice(0, call.length >> 1)]
  return [...alike(piecesOf(format)), ...empty, ...blocks, ...calls].filter((unit) => unit !== '')
}

/** One spelling of each marker: DeepSeek's are written with any of three bars and four blanks. */
function alike(markers: readonly string[]): string[] {
  const seen = new Map<string, string>()
  for (const marker of markers) {
    const key = marker.replace(/[|｜‖]+/g, '|').replace(/▁|\\_|_| /g, '_')
    if (!seen.has(key)) seen.set(key, marker)
  }
  return [...seen.values()]
}
