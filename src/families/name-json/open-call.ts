import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { quote } from '../../text/quote.js'
import type { CallHead } from './call-head.js'

/**
 * Announces the call whose header begins at the cursor, and lists the repairs that were made to the header.
 * @param from where the call begins, with its marker
 * @param repairs what was wrong before the header
 */
export function openCall(
  reading: Reading,
  head: CallHead,
  evidence: Evidence,
  { from, repairs }: { readonly from: number; readonly repairs: readonly Repair[] },
): void {
  const { out, cursor } = reading
  const at = cursor.offset
  const source = (start: number, end: number) => cursor.window.slice(cursor.at + start, cursor.at + end)
  const escaped = out.settings.repair ? underscores(head.name) : []
  const name = escaped.length === 0 ? head.name : head.name.replaceAll('\\_', '_')
  out.open({
    name,
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
    const message = `${quote(source(extraFrom, extraTo))} stood for the type of the call and was left out`
    out.note('unknown-member', message, at + extraFrom, at + extraTo)
  }
  if (head.meant !== undefined)
    out.repair('misspelt-header', at + head.from, at + head.to, source(head.from, head.to), head.meant)
  for (const i of escaped) out.repair('escaped-underscore', at + head.from + i, at + head.from + i + 2, '\\_', '_')
}

/** Where a name holds underscores that were escaped as in Markdown. */
function underscores(name: string): number[] {
  const found: number[] = []
  if (!name.includes('\\')) return found
  for (let i = name.indexOf('\\_'); i >= 0; i = name.indexOf('\\_', i + 2)) found.push(i)
  return found
}
