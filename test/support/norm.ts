import type { ParseEvent } from '../../src/event.js'

/**
 * Events as they compare between chunkings: adjacent deltas of one kind and one target joined, empty ones left out.
 * Nothing else is touched: kinds, order, offsets, notes and messages have to be the same.
 * @example norm([content('a', 0), content('b', 1)]) // one content event, 'ab', 0..2
 */
export function norm(events: readonly ParseEvent[]): ParseEvent[] {
  const out: ParseEvent[] = []
  for (const event of events) {
    if (isEmpty(event)) continue
    const joined = join(out[out.length - 1], event)
    if (joined === undefined) out.push(event)
    else out[out.length - 1] = joined
  }
  return out
}

function isEmpty(event: ParseEvent): boolean {
  if (event.type === 'content' || event.type === 'reasoning') return event.text === ''
  return event.type === 'arguments' && event.delta === ''
}

function join(last: ParseEvent | undefined, event: ParseEvent): ParseEvent | undefined {
  if (last?.type === 'content' && event.type === 'content') {
    return { ...last, text: last.text + event.text, to: event.to }
  }
  if (last?.type === 'reasoning' && event.type === 'reasoning') {
    return { ...last, text: last.text + event.text, to: event.to }
  }
  if (last?.type === 'arguments' && event.type === 'arguments' && last.index === event.index) {
    return { ...last, delta: last.delta + event.delta, to: event.to }
  }
  return undefined
}
