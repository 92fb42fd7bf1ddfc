import type { Format } from '../../engine/format.js'
import { GrammarError, type GrammarOptions, gbnf, structuralTag } from '../../grammar/grammar.js'
import type { CallRules } from '../requests/chat-request.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import type { EngineId } from './engine.js'

/** What the calls of a reply are held to. */
export interface Constraining {
  readonly engine: EngineId | undefined
  readonly format: Format | undefined
  readonly rules: CallRules
  readonly startInReasoning: boolean
}

/** Fields by which clients constrain the text themselves. */
const OWN_FIELDS = ['response_format', 'structured_outputs', 'grammar', 'json_schema', 'regex', 'ebnf']

/**
 * Whether a request wants what only a constraint gives: a call that is required or named, or tools that are `strict`.
 *
 * @example wantsConstraint({ tools, tool_choice: 'required' }, rules) // true
 */
export function wantsConstraint(chat: JsonObject, { tools, toolChoice }: CallRules): boolean {
  if (OWN_FIELDS.some((field) => chat[field] !== undefined && chat[field] !== null)) return false
  if (toolChoice === 'none' || !Array.isArray(tools) || tools.length === 0) return false
  return toolChoice !== 'auto' || objectsOf(tools).some(isStrict)
}

function isStrict({ strict, function: named }: JsonObject): boolean {
  return strict === true || (isObject(named) && named.strict === true)
}

/**
 * The fields that hold an engine to the calls of a format. The tool choice is one under which the engine keeps the tools in the
 * prompt and no parser or constraint of its own comes between.
 *
 * @param told why nothing can be held to, for the log
 * @example constraintFields({ engine: 'llamacpp', format: hermes, … }, hint) // { grammar: 'root ::= …', tool_choice: 'none' }
 */
export function constraintFields(
  { engine, format, rules, startInReasoning }: Constraining,
  told: (why: string) => void,
): JsonObject {
  if (format === undefined) {
    told('calls are not constrained: the model’s format is not known; name it with --format')
    return {}
  }
  if (engine === undefined || engine === 'ollama') {
    told(`calls are not constrained: ${engine ?? 'the upstream'} supports no grammar that callsift writes`)
    return {}
  }
  const { tools, toolChoice } = rules
  const options: GrammarOptions = { toolChoice, parallelCalls: rules.parallelCalls !== false, startInReasoning }
  try {
    if (engine === 'llamacpp') return { grammar: gbnf(format, tools, options), tool_choice: 'none' }
    const tag = { ...structuralTag(format, tools, options) }
    return { response_format: tag, tool_choice: engine === 'vllm' ? 'none' : 'auto' }
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error
    told(`calls are not constrained: ${error.message}`)
    return {}
  }
}
