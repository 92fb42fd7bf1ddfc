/**
 * The picture of the README (`npm run docs:picture` writes docs/ferries.svg): a completion as it streams, coloured by what
 * became of each stretch, with the place where a regular expression ends the file. All of it comes from a reading of
 * examples/ferries.txt, so the picture cannot say what the library does not do.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type ExplainedSpan, explain } from '../src/index.js'
import { matchesOf } from './expression.js'

const COLUMNS = 96
const CHARACTER = 8
const LINE = 22
const LEFT = 24
const TOP = 56
const WIDTH = 2 * LEFT + COLUMNS * CHARACTER
/** How long the text takes to come, in seconds. */
const SECONDS = 5

/** A part of a stretch that stands on one line of the picture. */
interface Piece {
  readonly text: string
  readonly kind: ExplainedSpan['kind']
  readonly row: number
  readonly column: number
  readonly from: number
}

/** The picture as SVG. */
export function pictureOf(text: string): string {
  const { spans, result } = explain(text, { format: 'hermes' })
  const pieces = piecesOf(text, spans)
  const rows = (pieces.at(-1)?.row ?? 0) + 1
  const [cut] = matchesOf(text)
  if (cut?.fault === undefined || result.toolCalls.length !== 2) throw new Error('the example shows nothing any more')
  const isMark = (piece: Piece) => piece.from >= cut.to && piece.from < cut.to + '</tool_call>'.length
  const mark = pieces.find(isMark) as Piece
  const below = TOP + rows * LINE + 34
  const height = below + 104
  const calls = result.toolCalls.map(({ name, status, arguments: given }) => {
    return `✓ ${name}(${Object.keys(given).join(', ')}) ${status}`
  })
  const markX = LEFT + mark.column * CHARACTER
  const markY = TOP + mark.row * LINE
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">
<title id="t">A call that writes a file which quotes its own end marker</title>
<desc id="d">A streamed completion with reasoning, content and two calls. The file in the first call holds the text of the end marker. A regular expression ends the call there and finds none; callsift finds both, complete.</desc>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328 }
.paper { fill: #ffffff; stroke: #d0d7de } .title { font-weight: 600 } .soft { fill: #59636e }
.reasoning { fill: #f3e8ff } .content { fill: none } .marker { fill: #e6eaef } .name { fill: #c8f0d2 } .arguments { fill: #d9e8ff } .separator, .dropped { fill: none }
.bad { fill: #c4242c } .good { fill: #1a7f37 } .cut { fill: none; stroke: #c4242c; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .paper { fill: #0d1117; stroke: #30363d } .soft { fill: #9198a1 }
.reasoning { fill: #3b2a52 } .marker { fill: #2a313a } .name { fill: #1c4a2b } .arguments { fill: #17375e }
.bad { fill: #ff7b72 } .good { fill: #56d364 } .cut { stroke: #ff7b72 }
}
@media (prefers-reduced-motion: no-preference) {
.come { animation: come .01s linear var(--t) both } @keyframes come { from { opacity: 0 } to { opacity: 1 } }
}
</style>
<rect class="paper" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${LEFT}" y="28">What the model writes, as it streams</text>
${legend()}
${pieces.map((piece) => drawn(piece, piece.from / text.length)).join('\n')}
<g ${when(1)}>
<rect class="cut" x="${markX - 2}" y="${markY}" width="${mark.text.length * CHARACTER + 4}" height="${LINE - 2}" rx="3"/>
<text class="title bad" x="${LEFT}" y="${below}">A regular expression ends the call at the marker in the red box, inside the file.</text>
<text class="soft" x="${LEFT}" y="${below + LINE}">What it cut out is no JSON, so the reply comes back as plain text: no calls.</text>
<text class="title good" x="${LEFT}" y="${below + 2 * LINE + 6}">callsift reads the call by its own grammar, to its end.</text>
<text x="${LEFT}" y="${below + 3 * LINE + 6}">${escaped(calls.join(', '))}</text>
</g>
</svg>
`
}

const SHOWN = ['reasoning', 'marker', 'name', 'arguments'] as const

function legend(): string {
  let x = WIDTH - LEFT
  return [...SHOWN]
    .reverse()
    .map((kind) => {
      const width = kind.length * CHARACTER + 12
      x -= width + 6
      return `<rect class="${kind}" x="${x}" y="13" width="${width}" height="20" rx="3"/><text x="${x + 6}" y="28" textLength="${kind.length * CHARACTER}">${kind}</text>`
    })
    .join('')
}

/** The text broken into lines of the picture, each line into its stretches. */
function piecesOf(text: string, spans: readonly ExplainedSpan[]): Piece[] {
  const pieces: Piece[] = []
  let row = 0
  let column = 0
  for (const { from, to, kind } of spans) {
    for (const { 0: word, index } of text.slice(from, to).matchAll(/\n|<\/?\w+>|[^\n< ]{0,80}[ <]?|</g)) {
      if (word === '') continue
      if (word === '\n' || column + word.trimEnd().length > COLUMNS) {
        row += column > 0 ? 1 : 0
        column = 0
        if (word === '\n') continue
      }
      pieces.push({ text: word, kind, row, column, from: from + index })
      column += word.length
    }
  }
  return pieces
}

function drawn({ text, kind, row, column }: Piece, part: number): string {
  const x = LEFT + column * CHARACTER
  const y = TOP + row * LINE
  const shown = text.trimEnd()
  const width = text.length * CHARACTER
  const words =
    shown === '' ? '' : `<text x="${x}" y="${y + 15}" textLength="${shown.length * CHARACTER}">${escaped(shown)}</text>`
  return `<g ${when(part)}><rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${LINE - 2}"/>${words}</g>`
}

function when(part: number): string {
  return `class="come" style="--t:${(part * SECONDS).toFixed(2)}s"`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync('docs/ferries.svg', pictureOf(readFileSync('examples/ferries.txt', 'utf8')))
  console.log('wrote docs/ferries.svg')
}
