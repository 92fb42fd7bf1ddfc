import type { ParseEvent } from './event.js'

/**
 * Joins adjacent deltas of one kind. The merged events of a text are the same however it was cut into chunks.
 * @example mergeEvents([{ type: 'content', text: 'a', from: 0, to: 1 }, { type: 'content', text: 'b', from: 1, to: 2 }]) // one event
 */
export function mergeEvents(events: Iterable<ParseEvent>): ParseEvent[] {
  const merged: ParseEvent[] = []
  for (const event of events) {
    const last = merged[merged.length - 1]
    const joined = last === undefined ? undefined : join(last, event)
    if (joined === undefined) merged.push(event)
    else merged[merged.length - 1] = joined
  }
  return merged
}

function join(last: ParseEvent, event: ParseEvent): ParseEvent | undefined {
  const { to } = event
  if (last.type === 'content' && event.type === 'content') return { ...last, text: last.text + event.text, to }
  if (last.type === 'reasoning' && event.type === 'reasoning') return { ...last, text: last.text + event.text, to }
  if (last.type === 'arguments' && event.type === 'arguments' && last.index === event.index) {
    // An argument that stands before the others in the text comes behind them.
    const [from, end] = [Math.min(last.from, event.from), Math.max(last.to, to)]
    return { ...last, delta: last.delta + event.delta, from, to: end }
  }
  return undefined
}
