import type { PairSyntax } from './pair-syntax.js'
import type { PairsGrammar } from './pairs-grammar.js'

/** The markers of GLM, which others took over. */
export const GLM_MARKERS: PairSyntax = {
  call: ['<tool_call>', '</tool_call>'],
  key: ['<arg_key>', '</arg_key>'],
  value: ['<arg_value>', '</arg_value>'],
}

/** As GLM-4.5 writes them: every marker begins a line. */
export const GLM_LINES: PairsGrammar = { syntax: { ...GLM_MARKERS, space: '\n' }, layout: 'lines' }

/** As GLM-4.7 and later write them: one behind the other. */
export const GLM_PACKED: PairsGrammar = { syntax: GLM_MARKERS, layout: 'packed' }

/** Where a turn of GLM ends: at what opens the next one. Ling, which a text does not tell from GLM, has a token for it. */
export const GLM_STOPS = ['<|user|>', '<|observation|>', '<|endoftext|>', '<|role_end|>']
