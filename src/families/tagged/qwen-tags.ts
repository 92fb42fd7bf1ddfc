import type { TaggedGrammar } from './tagged-grammar.js'

/** The tags of Qwen3-Coder. Older Qwen models write them too, now and then. */
export const QWEN_TAGS: TaggedGrammar = {
  syntax: { names: 'equals', blocks: ['tool_call'], call: 'function', parameter: 'parameter', looseEnds: true },
  typing: 'schema',
  trim: 'newline',
  nesting: 'counted',
  outerEnds: 'anywhere',
  successors: {
    'parameter-end': ['parameter', 'call-end', 'block-end'],
    'call-end': ['block-end', 'block', 'call'],
    'block-end': ['block'],
  },
  stop: 'last',
  atEnd: 'trusted',
  bare: 'known',
  jsonBody: 'repair',
  duplicates: 'accepted',
  quotable: true,
}

/** The same tags as MiMo writes them: packed, and a value is all that stands between its tags, newlines too. */
export const MIMO_TAGS: TaggedGrammar = { ...QWEN_TAGS, trim: 'none', layout: 'packed', nesting: 'anywhere' }
