import type { Family, Format, ReasoningRules } from '../../engine/format.js'
import { plainText } from '../../engine/plain-text.js'
import { misspeltMarkers } from '../../recovery/misspelt-markers.js'
import { TagReader } from '../../text/tag-reader.js'
import { tagged } from './tagged.js'
import { type TaggedGrammar, TOKEN_PIPES, WITH_TOKEN, withoutToken } from './tagged-grammar.js'
import { taggedInnerMarkers, taggedOpeners } from './tagged-openers.js'
import { renderTagged } from './tagged-render.js'

const THINK = { open: '<think>', close: '</think>', alike: ['<｜end▁of▁thinking｜>'] }

/** The reasoning of models whose call markers are special tokens. */
export const DSML_REASONING: ReasoningRules = { blocks: [THINK] }

/** The block of a version; a space before it stands in all of the version's tags. */
export type DsmlBlock = 'function_calls' | 'tool_calls' | 'calls' | ' calls'

/**
 * The markup language of DeepSeek V3.2 and later: XML whose tags have a token of their own.
 *
 *     block     = LF LF "<｜DSML｜tool_calls>" call { call } "</｜DSML｜tool_calls>"
 *     call      = "<｜DSML｜invoke name=\"" NAME "\">" { parameter } "</｜DSML｜invoke>"
 *     parameter = "<｜DSML｜parameter name=\"" KEY "\" string=\"true|false\">" value "</｜DSML｜parameter>"
 *
 * V4.1 writes a space behind the token in every tag, and calls the block `calls`: `<｜DSML｜ calls>`.
 *
 * @param block the name of the block that the version writes; the others are read too, with and without the space
 * @param word the word of the token: `DSML`, or GigaChat's `GCML`
 */
export function dsmlGrammar(block: DsmlBlock, word = 'DSML'): TaggedGrammar {
  const name = block.trim()
  const blocks = ['function_calls', 'tool_calls', 'calls'].sort((a, b) => Number(b === name) - Number(a === name))
  const space = block === name ? {} : ({ space: ' ' } as const)
  return {
    ...WITH_TOKEN,
    syntax: {
      names: 'attribute',
      blocks,
      call: 'invoke',
      parameter: 'parameter',
      token: { word, pipes: TOKEN_PIPES, ...space },
      textAttribute: 'string',
    },
    typing: 'attribute',
    separator: '\n\n',
    trim: 'none',
    nesting: 'counted',
    bare: 'whole',
    jsonBody: 'native',
  }
}

/** The same where a server took the special tokens out: `<invoke name="f"><parameter name="a" string="true">`. */
export function strippedDsml(block: DsmlBlock, word = 'DSML'): Family {
  return tagged(withoutToken(dsmlGrammar(block, word), `｜${word}｜`))
}

export function dsml(block: DsmlBlock, word = 'DSML'): Family {
  return tagged(dsmlGrammar(block, word))
}

/** The tags of the block, where they are misspelt beside calls that are right. */
export function misspeltDsml(block: DsmlBlock, word = 'DSML'): Family {
  const tags = new TagReader(dsmlGrammar(block, word).syntax, false)
  return misspeltMarkers({ open: [tags.openOf(block.trim())], close: [tags.closeOf(block.trim())] })
}

/** Renders a turn: reasoning, content and one block of calls. */
export function renderDsml(block: DsmlBlock, stops: readonly string[], word = 'DSML'): Format['render'] {
  const grammar = dsmlGrammar(block, word)
  const tags = new TagReader(grammar.syntax, false)
  const openers = taggedOpeners(grammar).map(({ marker }) => marker)
  // A close marker that closes nothing is left out when it is read.
  const markers = [...openers, ...taggedInnerMarkers(grammar), THINK.open, THINK.close, '```', ...stops]
  return ({ calls, content, reasoning, ...schema }) => {
    const think = reasoning === '' ? '' : `${THINK.open}${plainText('reasoning', reasoning, markers)}${THINK.close}`
    const text = think + plainText('content', content, markers)
    if (calls.length === 0) return text
    const rendered = calls.map((call) => renderTagged(grammar, call, schema, stops))
    return `${text}\n\n${[tags.openOf(block.trim()), ...rendered, tags.closeOf(block.trim())].join('\n')}`
  }
}
