import type { ExplainedSpan, Explanation } from '../../explain/explain.js'
import { placesIn } from '../../explain/json-place.js'
import { inPlaces, placeNames } from '../../explain/place-names.js'
import { KINDS } from '../../playground/kinds.js'
import { count } from '../../playground/markup.js'
import type { Screen } from './screen.js'
import { clip, columnsOf, oneLine, wrap } from './screen-text.js'

/** Lines shown of a stretch before it is cut in the middle. */
const MOST_LINES = 8

/** Of so many pieces of advice the place in the text is shown. */
const MOST_PLACES = 3

/**
 * An explanation for people at a terminal: what happened and what to do first, with the place, then every stretch of the text
 * with its kind, place, call and rule. The kind stands in words too, so nothing is lost without colours.
 */
export function explanationView(
  text: string,
  { spans, result, advice, adviceAt }: Explanation,
  screen: Screen,
  full: boolean,
): string {
  const { colors, columns } = screen
  const { toolCalls, incomplete, status, format } = result
  const lines: string[] = []
  for (const [i, line] of advice.entries()) {
    lines.push(...wrap(`! ${line}`, columns).map((piece) => colors.yellow(piece)))
    const at = adviceAt[i]
    if (i < MOST_PLACES && typeof at === 'number') lines.push('', ...placeView(text, at, screen), '')
  }
  if (advice.length > 0 && lines.at(-1) !== '') lines.push('')
  const counts = [count(toolCalls.length, 'call')]
  if (incomplete.length > 0) counts.push(`${incomplete.length} incomplete`)
  counts.push(count(result.notes.length, 'note'))
  lines.push(`${colors.bold(format)}: ${status}, ${counts.join(', ')}`, '', ...legendView(spans, screen), '')
  const place = placesIn(text)
  for (const span of spans) {
    const [from, to] = [place(span.from), place(span.to)]
    lines.push(headOf(span, `${from.line}:${from.column} to ${to.line}:${to.column}`, screen))
    lines.push(...bodyOf(text.slice(span.from, span.to), span.kind, screen, full), '')
  }
  const named = placeNames(text)
  for (const { code, message, from } of result.notes) {
    const { line, column } = place(from)
    const told = inPlaces(message, named)
    lines.push(...wrap(`note ${code} at ${line}:${column}: ${told}`, columns).map((piece) => colors.dim(piece)))
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** The line of the text that an offset is in, with its number, and a caret below the place. */
function placeView(text: string, at: number, { colors, columns }: Screen): string[] {
  const { line, column } = placesIn(text)(at)
  const gutter = `  ${line} │ `
  const room = columns - gutter.length
  const from = at - column + 1
  const to = text.indexOf('\n', at)
  // Some characters before the place are enough, wherever they part a pair.
  let before = oneLine(text.slice(Math.max(from, at - columns), at).replace(/^[\udc00-\udfff]/, ''))
  const wide = column > columns || columnsOf(before) > room - 24
  if (wide) {
    const characters = [...before]
    while (columnsOf(characters.join('')) > room - 24) characters.shift()
    before = `…${characters.join('')}`
  }
  const used = columnsOf(before)
  const behind = clip(oneLine(text.slice(at, Math.min(to < 0 ? text.length : to, at + columns))), room - used)
  const bar = `${' '.repeat(gutter.length - 2)}│ `
  return [`${colors.dim(gutter)}${before}${behind}`, `${colors.dim(bar)}${' '.repeat(used)}${colors.red('^')}`]
}

/** What the kinds mean that this text has, each in its colour. */
function legendView(spans: readonly ExplainedSpan[], { colors, columns }: Screen): string[] {
  const kinds = new Set(spans.map(({ kind }) => kind))
  return Object.entries(KINDS).flatMap(([name, means]) => {
    const kind = name as ExplainedSpan['kind']
    if (!kinds.has(kind)) return []
    const [first = '', ...rest] = wrap(means, columns - 11)
    return [
      `${colors[COLOR[kind]](kind.padEnd(11))}${colors.dim(first)}`,
      ...rest.map((line) => `${' '.repeat(11)}${colors.dim(line)}`),
    ]
  })
}

function headOf({ kind, call, why }: ExplainedSpan, place: string, { colors, columns }: Screen): string {
  const of = call === undefined ? '' : ` of call ${call}`
  const head = `${kind}${of} at ${place}`
  const [first = '', ...rest] = wrap(why, Math.max(20, columns - 4))
  const reason = [first, ...rest].map((line) => `    ${colors.dim(line)}`).join('\n')
  return `${colors[COLOR[kind]](colors.bold(head))}\n${reason}`
}

function bodyOf(text: string, kind: ExplainedSpan['kind'], { colors, columns }: Screen, full: boolean): string[] {
  const lines = wrap(text, columns - 4)
  const shown =
    full || lines.length <= MOST_LINES + 1
      ? lines
      : [...lines.slice(0, MOST_LINES / 2), undefined, ...lines.slice(-MOST_LINES / 2)]
  return shown.map((line) =>
    line === undefined
      ? colors.dim(`  … ${lines.length - MOST_LINES} more lines (--full)`)
      : `  ${colors[COLOR[kind]]('│')} ${line}`,
  )
}

const COLOR = {
  // The terminal's own colour: white is not seen on a light one.
  content: 'reset',
  reasoning: 'magenta',
  marker: 'cyan',
  name: 'green',
  arguments: 'blue',
  separator: 'gray',
  dropped: 'red',
} as const satisfies Record<ExplainedSpan['kind'], string>
