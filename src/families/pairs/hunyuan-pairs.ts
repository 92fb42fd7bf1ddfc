import type { Format } from '../../engine/format.js'
import { GLM_MARKERS } from './glm-pairs.js'
import type { PairSyntax } from './pair-syntax.js'
import type { PairsGrammar } from './pairs-grammar.js'
import { renderPairsTurn } from './pairs-render.js'

/** Suffixes of checkpoints. Some have none. */
const SUFFIXES = [':opensource', ':6124c78e']

/** The markers of Hunyuan 3 and 4: those of GLM in a block, each with the suffix of its checkpoint. */
export const HUNYUAN_MARKERS: PairSyntax = {
  ...GLM_MARKERS,
  block: ['<tool_calls>', '</tool_calls>'],
  suffixes: SUFFIXES,
}

export const HUNYUAN_THINK = ['', ...SUFFIXES].map((suffix) => ({
  open: `<think${suffix}>`,
  close: `</think${suffix}>`,
}))

export function renderHunyuan(grammar: PairsGrammar): Format['render'] {
  const [think = { open: '', close: '' }] = HUNYUAN_THINK
  return renderPairsTurn({ grammar, think, stops: [], ...(grammar.layout === 'lines' ? { space: '\n' } : {}) })
}
