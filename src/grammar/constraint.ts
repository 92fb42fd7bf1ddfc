import type { Format } from '../engine/format.js'
import { readTools } from '../tools/schema.js'
import type { Tool, ToolsInput } from '../tools/tools-input.js'
import type { Node } from './node.js'
import { GrammarError } from './problem.js'
import { turnGrammar } from './turn.js'

/** What a model may write, besides what its format and the tools say. */
export interface GrammarOptions {
  /**
   * `auto` (default): text, with calls in it. `required`: one call at least, and no text beside calls. A name: one call of that
   * tool. `none`: text that opens no call.
   */
  toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string } | undefined
  /** More calls than one. Default true. */
  parallelCalls?: boolean | undefined
  /** Reasoning may stand before the rest. Default true; formats without reasoning have none. */
  reasoning?: boolean | undefined
  /** The prompt opened the reasoning block, so that the text begins inside it. Default false. */
  startInReasoning?: boolean | undefined
}

/** A grammar of turns, and what it does not hold a model to. */
export interface Constraint {
  readonly grammar: Node
  /** What the schemas ask beyond it, by tool and place: `weather/properties/city: pattern`. */
  readonly loosened: readonly string[]
}

/**
 * The grammar of what a model of this format may write with these tools.
 *
 * @throws GrammarError if the format cannot write the calls of a tool, or if there is no tool to call
 * @throws TypeError for options that are none
 */
export function constraint(format: Format, tools: ToolsInput, options: GrammarOptions = {}): Constraint {
  const { toolChoice = 'auto', parallelCalls = true, reasoning = true, startInReasoning = false } = options
  if (typeof format !== 'object' || format === null)
    throw new TypeError("format: expected a Format value, such as getFormat('hermes') returns")
  const offered = readTools(tools)
  const named = typeof toolChoice === 'object' && toolChoice !== null ? toolChoice.name : undefined
  const calls = named === undefined ? CALLS[toolChoice as keyof typeof CALLS] : 'required'
  if (calls === undefined)
    throw new TypeError(
      `options.toolChoice: expected auto, none, required or { name }, got ${JSON.stringify(toolChoice)}`,
    )
  const names = named === undefined ? offered.names : [named]
  const chosen = names.map((name) => {
    const tool: Tool | undefined = offered.get(name)
    if (tool === undefined) throw new GrammarError(`no tool is named ${JSON.stringify(name)}`)
    return tool
  })
  const loosened = new Set<string>()
  const turn = {
    calls,
    once: named !== undefined || !parallelCalls,
    reasoning: startInReasoning ? 'open' : reasoning ? 'may' : 'no',
  } as const
  const grammar = turnGrammar(format, chosen, turn, loosened)
  return { grammar, loosened: [...loosened] }
}

const CALLS = { auto: 'some', none: 'none', required: 'required' } as const
