import type { Repair, ToolCall } from '../event/event.js'
import { quote } from '../text/quote.js'
import { takesNone } from '../tools/declared.js'
import { misfitWord } from '../tools/misfit-word.js'
import { misplacedIn } from '../tools/misplaced.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import type { OpenArguments } from './open-arguments.js'

/** What a repair adds is looked for in the values only if it is no longer: no marker is. */
const LONGEST_MARKER = 80

/**
 * Why the repairs of a call leave open what was meant, although each of them gives a whole call; empty if they do not.
 * What a repair adds may stand in the value beside it, where it was misplaced: then the text has two readings, and nothing
 * settles which one was meant.
 * @param given what was read of its arguments: nothing (`areMade`), or values that do not fit their schema (`misfits`)
 * @param areRaw its values have no quotes around them
 * @example {"command": "make," "timeout": 30}    {"scope": "tmp}"
 */
export function unsettledRepair(
  { name, arguments: args, argumentsText, repairs }: ToolCall,
  tools: OfferedTools,
  { areMade, misfits }: Pick<OpenArguments, 'areMade' | 'misfits'>,
  areRaw: boolean,
): string {
  if (areMade && !takesNone(tools, name) && repairs.some(isOfCloser))
    return 'it has no arguments, and its end was mended: they may have been lost'
  if (
    repairs.some(({ kind }) => kind === 'unescaped-quotes') &&
    tools.names.some((one) => argumentsText.includes(`${one}(`))
  )
    return 'the quotes that were escaped in it may be those of two calls'
  if (repairs.some(({ kind }) => kind === 'surplus-closer')) {
    const moved = misplacedIn(args, toolOf(tools, name))
    if (moved !== undefined) return `a closer too many stands in it, and it has ${moved}`
  }
  if (repairs.some((repair) => isBeside(repair, misfits)))
    return 'a marker that was mended stands beside a value that does not fit its schema, and may be a part of it'
  const words = repairs.filter(({ kind }) => kind === 'missing-quotes').map(({ after }) => JSON.parse(after) as string)
  if (words.length > 0) {
    const misfit = misfitWord(words, args, toolOf(tools, name))
    if (misfit !== undefined) return `${quote(misfit)} stands without quotes, and does not fit the schema`
  }
  // A name that slipped into the arguments stood between their last value and what is missing behind it.
  if (repairs.some(({ kind }) => kind === 'swallowed-name')) return ''
  const misplaced = repairs.find((repair) => isMisplaced(repair, args, argumentsText, areRaw))
  return misplaced === undefined ? '' : `what a repair added (${misplaced.after.trim()}) may stand in a value of it`
}

/** Was a marker mended at the edge of one of these spans? */
function isBeside({ kind, from, to, before }: Repair, spans: readonly number[]): boolean {
  if (kind !== 'misspelt-marker' && kind !== 'missing-closer' && kind !== 'missing-opener') return false
  const gap = Math.max(before.length - before.trim().length, 1)
  return spans.some((at, i) => (i % 2 === 0 ? Math.abs(at - to) <= gap : Math.abs(at - from) <= gap))
}

function isOfCloser({ kind }: Repair): boolean {
  return kind === 'missing-closer' || kind === 'surplus-closer'
}

/** A comma inside the quotes of a string, before another one. */
const COMMA_INSIDE = /,"\s{0,20},\s{0,20}["}\]]/

function isMisplaced(
  { kind, before, after }: Repair,
  args: Readonly<Record<string, unknown>>,
  argumentsText: string,
  areRaw: boolean,
): boolean {
  if (kind === 'missing-comma') return COMMA_INSIDE.test(argumentsText)
  const isMissing = before === '' && (kind === 'missing-closer' || kind === 'missing-opener')
  if (!isMissing && kind !== 'misspelt-marker') return false
  const kept = before.trimEnd()
  const marker = (after.startsWith(kept) ? after.slice(kept.length) : after).trim()
  if (/^[}\]]/.test(marker)) return isMissing && endsOverclosed(lastString(args))
  if (!areRaw || marker === '' || marker.length > LONGEST_MARKER) return false
  return Object.values(args).some((value) => typeof value === 'string' && holds(value.trim(), marker, isMissing))
}

function holds(value: string, marker: string, isAtEdge: boolean): boolean {
  return isAtEdge ? value.endsWith(marker) || value.startsWith(marker) : value.includes(marker)
}

/** The string that stands last in the arguments, or nothing. */
function lastString(args: Readonly<Record<string, unknown>>): string {
  let value: unknown = args
  while (typeof value === 'object' && value !== null) value = Object.values(value).at(-1)
  return typeof value === 'string' ? value : ''
}

/** Does a text end in a bracket that closes nothing in it? `tmp}`, and not `function f() {}` */
function endsOverclosed(text: string): boolean {
  if (!/[}\]]$/.test(text)) return false
  let open = 0
  for (const bracket of text.match(/[{}[\]]/g) ?? []) open += '{['.includes(bracket) ? 1 : -1
  return open < 0
}
