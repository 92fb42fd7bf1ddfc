import type { Repair, ToolCall } from '../event/event.js'

/** Longer values are looked at at their edges only, as all are: a marker is no longer than this. */
const LONGEST_MARKER = 80

/**
 * Why the repairs of a call leave open what was meant, although each of them gives a whole call; empty if they do not.
 * What a repair adds may stand in the value beside it, where it was misplaced: then the text has two readings, and nothing
 * settles which one was meant.
 * @param takesNone its tool takes no arguments
 * @param areMade the text has nothing where its arguments belong
 * @param areRaw its values have no quotes around them
 * @example {"command": "make," "timeout": 30}    {"scope": "tmp}"
 */
export function unsettledRepair(
  { arguments: args, argumentsText, repairs }: ToolCall,
  takesNone: boolean,
  areMade: boolean,
  areRaw: boolean,
): string {
  if (areMade && !takesNone && repairs.some(isOfCloser))
    return 'it has no arguments, and its end was mended: they may have been lost'
  const misplaced = repairs.find((repair) => isMisplaced(repair, areRaw ? args : undefined, argumentsText))
  return misplaced === undefined ? '' : `what a repair added (${misplaced.after.trim()}) may stand in a value of it`
}

function isOfCloser({ kind }: Repair): boolean {
  return kind === 'missing-closer' || kind === 'surplus-closer'
}

/** A comma inside the quotes of a string, before another one. */
const COMMA_INSIDE = /,"\s{0,20},\s{0,20}["}\]]/
/** A bracket inside the quotes of the last string. */
const BRACKET_INSIDE = /[}\]]"[}\]\s]{0,40}$/

function isMisplaced(
  { kind, before, after }: Repair,
  raw: Readonly<Record<string, unknown>> | undefined,
  argumentsText: string,
): boolean {
  if (kind === 'missing-comma') return COMMA_INSIDE.test(argumentsText)
  const isMissing = before === '' && (kind === 'missing-closer' || kind === 'missing-opener')
  if (!isMissing && kind !== 'misspelt-marker') return false
  const marker = (after.startsWith(before) ? after.slice(before.length) : after).trim()
  if (/^[}\]]/.test(marker)) return isMissing && BRACKET_INSIDE.test(argumentsText)
  if (raw === undefined || marker === '' || marker.length > LONGEST_MARKER) return false
  return Object.values(raw).some((value) => typeof value === 'string' && holds(value.trim(), marker, isMissing))
}

function holds(value: string, marker: string, isAtEdge: boolean): boolean {
  return isAtEdge ? value.endsWith(marker) || value.startsWith(marker) : value.includes(marker)
}
