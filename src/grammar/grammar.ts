/**
 * `callsift/grammar`: the constraint that makes a model write a format's calls right, for the engines that take one.
 *
 *     import { structuralTag } from 'callsift/grammar'
 *     import { hermes } from 'callsift/parsers/hermes'
 *     const response_format = structuralTag(hermes, tools, { toolChoice: 'required' })
 */
import type { Format } from '../engine/format.js'
import type { ToolsInput } from '../tools/tools-input.js'
import { constraint, type GrammarOptions } from './constraint.js'
import { gbnfOf } from './gbnf.js'
import { larkOf } from './lark.js'
import { type StructuralTag, structuralTagOf } from './xgrammar.js'

export type { GrammarOptions } from './constraint.js'
export { GrammarError } from './problem.js'
export type { StructuralTag, TagFormat } from './xgrammar.js'

/**
 * What a model of this format may write with these tools, as a structural tag of xgrammar: vLLM and SGLang take it as
 * `response_format`.
 *
 * @throws GrammarError if the format cannot write the calls of a tool, or if there is no tool to call
 * @example structuralTag(hermes, tools, { toolChoice: 'required' }) // { type: 'structural_tag', format: { … } }
 */
export function structuralTag(format: Format, tools: ToolsInput, options?: GrammarOptions): StructuralTag {
  return structuralTagOf(constraint(format, tools, options).grammar)
}

/**
 * The same in GBNF, which llama.cpp takes as `grammar`.
 *
 * @throws GrammarError as `structuralTag` does
 * @example gbnf(hermes, tools).split('\n')[0] // 'root ::= …'
 */
export function gbnf(format: Format, tools: ToolsInput, options?: GrammarOptions): string {
  return gbnfOf(constraint(format, tools, options).grammar)
}

/**
 * The same in Lark's notation, which llguidance takes.
 *
 * @throws GrammarError as `structuralTag` does
 * @example lark(hermes, tools).split('\n')[0] // 'start: …'
 */
export function lark(format: Format, tools: ToolsInput, options?: GrammarOptions): string {
  return larkOf(constraint(format, tools, options).grammar)
}

/**
 * What the schemas of the tools ask and the grammar does not hold a model to, by tool and place.
 *
 * @throws GrammarError as `structuralTag` does
 * @example loosened(hermes, [{ name: 'f', parameters: { properties: { a: { pattern: 'x' } } } }]) // ['f/properties/a: pattern']
 */
export function loosened(format: Format, tools: ToolsInput, options?: GrammarOptions): readonly string[] {
  return constraint(format, tools, options).loosened
}
