import type { BareJsonGrammar } from './bare-json-grammar.js'

/** An object or a list is a call only as the whole message, for models that have a marker for their calls: `[{"name": …}]` */
export const WHOLE_MESSAGE: BareJsonGrammar = {
  where: 'text-start',
  withoutTools: 'text-start',
  commit: 'end',
  lists: true,
  fences: { labels: ['json', ''], withoutTools: 'whole-text' },
}

/**
 * Calls at the start of any line and in code fences, for models that write nothing else: the prompt asks them to answer with
 * JSON.
 */
export const ANY_LINE: BareJsonGrammar = {
  where: 'line-start',
  withoutTools: 'line-start',
  commit: 'arguments',
  lists: true,
  separators: ',',
  envelope: 'tool_calls',
  fences: { labels: ['', 'json'], withoutTools: 'anywhere' },
}
