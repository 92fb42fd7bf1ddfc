import type { RenderCall, RenderParts } from '../../engine/format.js'
import { renderTagged } from '../tagged/tagged-render.js'
import { PairTags } from './pair-tags.js'
import { type PairsGrammar, taggedOf } from './pairs-grammar.js'

/**
 * The native text of one call, from its marker to its close marker.
 * @throws RenderError naming what the format cannot express
 */
export function renderPairs(
  grammar: PairsGrammar,
  call: RenderCall,
  types: RenderParts['types'],
  stops: readonly string[],
): string {
  const tags = new PairTags(grammar.syntax)
  return renderTagged(taggedOf(grammar, tags), call, types, stops, tags)
}
