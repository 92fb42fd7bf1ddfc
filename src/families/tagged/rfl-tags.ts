import type { TaggedGrammar } from './tagged-grammar.js'

/** The parameters of Beam, in messages of Harmony: `<rfl:parameter name="a">` LF value LF `</rfl:parameter>`. */
export const RFL_TAGS: TaggedGrammar = {
  syntax: {
    names: 'attribute',
    blocks: [],
    call: 'rfl:call',
    parameter: 'rfl:parameter',
    callMarks: { open: ['<|message|>'], close: ['<|call|>', '<|end|>'] },
  },
  typing: 'schema',
  trim: 'newline',
  nesting: 'counted',
  outerEnds: 'line-start',
  successors: { 'parameter-end': ['parameter', 'call-end', 'call'], 'call-end': ['call'], 'block-end': [] },
  stop: 'always',
  atEnd: 'unknown',
  bare: 'whole',
  jsonBody: 'native',
  duplicates: 'accepted',
  quotable: false,
  message: { ends: ['<|call|>', '<|end|>'] },
}
