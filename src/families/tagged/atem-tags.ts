import type { TaggedGrammar } from './tagged-grammar.js'

/** The tags of Muse: `<atem:invoke name="f"><atem:parameter name="a">1</atem:parameter></atem:invoke>`. */
export const ATEM_TAGS: TaggedGrammar = {
  syntax: {
    names: 'attribute',
    blocks: ['atem:function_calls'],
    call: 'atem:invoke',
    parameter: 'atem:parameter',
  },
  typing: 'json',
  trim: 'none',
  nesting: 'counted',
  outerEnds: 'line-start',
  successors: {
    'parameter-end': ['parameter', 'call-end', 'block-end'],
    'call-end': ['block-end', 'block', 'call'],
    'block-end': ['block'],
  },
  stop: 'always',
  atEnd: 'unknown',
  bare: 'whole',
  jsonBody: 'repair',
  duplicates: 'accepted',
  quotable: false,
  doubledNames: 'collapse',
}
