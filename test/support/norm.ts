import type { ParseEvent } from '../../src/event/event.js'
import { mergeEvents } from '../../src/event/merge-events.js'

/**
 * Events as they compare between chunkings: adjacent deltas of one kind and one target joined, empty ones left out.
 * Nothing else is touched: kinds, order, offsets, notes and messages have to be the same.
 * @example norm([content('a', 0), content('b', 1)]) // one content event, 'ab', 0..2
 */
export function norm(events: readonly ParseEvent[]): ParseEvent[] {
  return mergeEvents(events.filter((event) => !isEmpty(event)))
}

function isEmpty(event: ParseEvent): boolean {
  if (event.type === 'content' || event.type === 'reasoning') return event.text === ''
  return event.type === 'arguments' && event.delta === ''
}
