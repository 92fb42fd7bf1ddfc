import type { ExplainedSpan, Explanation } from '../../explain/explain.js'
import { placesIn } from '../../explain/json-place.js'
import { inPlaces, placeNames } from '../../explain/place-names.js'
import { count } from '../../playground/markup.js'
import type { Screen } from './screen.js'
import { wrap } from './screen-text.js'

/** Lines shown of a stretch before it is cut in the middle. */
const MOST_LINES = 8

/**
 * An explanation for people at a terminal: what to do first, then every stretch of the text with its kind, place, call and
 * rule. The kind stands in words too, so nothing is lost without colours.
 */
export function explanationView(
  text: string,
  { spans, result, advice }: Explanation,
  screen: Screen,
  full: boolean,
): string {
  const { colors, columns } = screen
  const { toolCalls, incomplete, status, format } = result
  const lines: string[] = []
  for (const line of advice) lines.push(...wrap(`! ${line}`, columns).map((piece) => colors.yellow(piece)))
  if (advice.length > 0) lines.push('')
  const counts = [count(toolCalls.length, 'call')]
  if (incomplete.length > 0) counts.push(`${incomplete.length} incomplete`)
  counts.push(count(result.notes.length, 'note'))
  lines.push(`${colors.bold(format)}: ${status}, ${counts.join(', ')}`, '')
  const place = placesIn(text)
  for (const span of spans) {
    const [from, to] = [place(span.from), place(span.to)]
    lines.push(headOf(span, `${from.line}:${from.column} to ${to.line}:${to.column}`, screen))
    lines.push(...bodyOf(text.slice(span.from, span.to), screen, full), '')
  }
  const named = placeNames(text)
  for (const { code, message, from } of result.notes) {
    const { line, column } = place(from)
    const told = inPlaces(message, named)
    lines.push(...wrap(`note ${code} at ${line}:${column}: ${told}`, columns).map((piece) => colors.dim(piece)))
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function headOf({ kind, call, why }: ExplainedSpan, place: string, { colors, columns }: Screen): string {
  const of = call === undefined ? '' : ` of call ${call}`
  const head = `${kind}${of} at ${place}`
  const [first = '', ...rest] = wrap(why, Math.max(20, columns - 4))
  const reason = [first, ...rest].map((line) => `    ${colors.dim(line)}`).join('\n')
  return `${colors[COLOR[kind]](colors.bold(head))}\n${reason}`
}

function bodyOf(text: string, { colors, columns }: Screen, full: boolean): string[] {
  const lines = wrap(text, columns - 4)
  const shown =
    full || lines.length <= MOST_LINES + 1
      ? lines
      : [...lines.slice(0, MOST_LINES / 2), undefined, ...lines.slice(-MOST_LINES / 2)]
  return shown.map((line) =>
    line === undefined
      ? colors.dim(`  … ${lines.length - MOST_LINES} more lines (--full)`)
      : `  ${colors.dim('│')} ${line}`,
  )
}

const COLOR = {
  content: 'white',
  reasoning: 'magenta',
  marker: 'cyan',
  name: 'green',
  arguments: 'blue',
  separator: 'gray',
  dropped: 'red',
} as const satisfies Record<ExplainedSpan['kind'], string>
