import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { quote } from '../../text/quote.js'
import type { CallHead } from './call-head.js'

/** How a call is announced. */
export interface CallOpening {
  /** Where it begins, with its marker. */
  readonly from: number
  readonly evidence: Evidence
  /** What was wrong before its header. */
  readonly repairs: readonly Repair[]
}

/** Announces the call whose header begins at the cursor, and lists the repairs that were made to the header. */
export function openCall(reading: Reading, head: CallHead, { from, evidence, repairs }: CallOpening): void {
  const { out, cursor } = reading
  const at = cursor.offset
  const isEscaped = out.settings.repair && head.name.includes('\\_')
  out.open({
    name: isEscaped ? head.name.replaceAll('\\_', '_') : head.name,
    nameFrom: at + head.from,
    nameTo: at + head.to,
    nativeId: head.id,
    from,
    evidence: reading.evidence === 'marker' ? evidence : reading.evidence,
  })
  for (const { kind, from, to, before, after } of repairs) out.repair(kind, from, to, before, after)
  if (head.respelled !== undefined) {
    const { from, before, after } = head.respelled
    out.repair('marker-spelling', at + from, at + from + before.length, before, after)
  }
  const { extraFrom = 0, extraTo = 0 } = head
  if (extraTo > extraFrom) {
    if (out.tools.has(sourceOf(reading, extraFrom, extraTo))) out.refuse('its header names two tools')
    const message = `${quote(sourceOf(reading, extraFrom, extraTo))} stood for the type of the call and was left out`
    out.note('unknown-member', message, at + extraFrom, at + extraTo)
  }
  if (head.meant !== undefined)
    out.repair('misspelt-header', at + head.from, at + head.to, sourceOf(reading, head.from, head.to), head.meant)
  if (isEscaped)
    for (const i of underscores(head.name))
      out.repair('escaped-underscore', at + head.from + i, at + head.from + i + 2, '\\_', '_')
}

/** The source of the header from `from` to `to`. */
function sourceOf({ cursor }: Reading, from: number, to: number): string {
  return cursor.window.slice(cursor.at + from, cursor.at + to)
}

/** Where a name holds underscores that were escaped as in Markdown. */
function underscores(name: string): number[] {
  const found: number[] = []
  for (let i = name.indexOf('\\_'); i >= 0; i = name.indexOf('\\_', i + 2)) found.push(i)
  return found
}
