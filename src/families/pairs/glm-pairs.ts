import type { Format } from '../../engine/format.js'
import { plainText } from '../../engine/plain-text.js'
import type { PairSyntax } from './pair-syntax.js'
import type { PairsGrammar } from './pairs-grammar.js'
import { renderPairs } from './pairs-render.js'

/** The markers of GLM, which others took over. */
export const GLM_MARKERS: PairSyntax = {
  call: ['<tool_call>', '</tool_call>'],
  key: ['<arg_key>', '</arg_key>'],
  value: ['<arg_value>', '</arg_value>'],
}

/** As GLM-4.5 writes them: every marker begins a line. */
export const GLM_LINES: PairsGrammar = { syntax: { ...GLM_MARKERS, gap: '\n' }, layout: 'lines' }

/** As GLM-4.7 and later write them: one behind the other. */
export const GLM_PACKED: PairsGrammar = { syntax: GLM_MARKERS, layout: 'packed' }

export const GLM_THINK = { open: '<think>', close: '</think>' }

/** Where a turn of GLM ends: at what opens the next one. */
export const GLM_STOPS = ['<|user|>', '<|observation|>', '<|endoftext|>']

const THINK_MARKERS = [GLM_THINK.open, GLM_THINK.close, '```']

/** Renders a turn. `gap`: what stands between reasoning, content and calls. */
export function renderGlm(grammar: PairsGrammar, stops: readonly string[], gap: '' | '\n'): Format['render'] {
  const { call, key, value } = grammar.syntax
  const markers = [...call, ...key, ...value, ...THINK_MARKERS, ...stops].filter((marker) => marker !== '')
  return ({ calls, content, reasoning, types }) => {
    const think =
      reasoning === '' ? '' : `${GLM_THINK.open}${plainText('reasoning', reasoning, markers)}${GLM_THINK.close}${gap}`
    const text = plainText('content', content, markers)
    const rendered = calls.map((call) => renderPairs(grammar, call, types, stops))
    return think + text + (text === '' || calls.length === 0 ? '' : gap) + rendered.join(gap)
  }
}
