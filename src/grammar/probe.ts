import { type Format, type RenderCall, RenderError } from '../engine/format.js'
import type { Tool } from '../tools/tools-input.js'
import { parameterTypes } from '../tools/value-types.js'
import { GrammarError } from './problem.js'

/**
 * Words that stand for what a call may hold. No format writes them, none of them is the beginning of another, and no two begin or
 * end alike, so that what is common around them is the format's.
 */
export const NAMES = ['qzfirst', 'wjsecond', 'xkthird'] as const
export const KEYS = ['qzkey', 'wjother'] as const
export const STRINGS = ['qztext', 'wjwords'] as const
export const NUMBERS = [7150312, 8261423] as const
export const IDS = ['qzid00001', 'wjid00002'] as const
export const THOUGHT = 'qzthought'
export const CONTENT = 'qzcontent'

/** Writes a turn as a model of the format would. The tools are those that the calls show. */
export type Write = (turn: { calls?: readonly RenderCall[]; content?: string; reasoning?: string }) => string

/** @throws GrammarError for what the format cannot express */
export function writer(format: Format): Write {
  return ({ calls = [], content = '', reasoning = '' }) => {
    const tools = new Map(calls.map(({ name, arguments: args }) => [name, toolFor(name, args)]))
    const tool = (name: string) => tools.get(name)
    try {
      return format.render({ calls, content, reasoning, types: parameterTypes(tool), tool })
    } catch (error) {
      if (error instanceof RenderError) throw new GrammarError(`${format.id}: ${error.message}`)
      throw error
    }
  }
}

/** What a writer says, or undefined for what it cannot express. */
export function attempt(write: () => string): string | undefined {
  try {
    return write()
  } catch (error) {
    if (error instanceof GrammarError) return undefined
    throw error
  }
}

function toolFor(name: string, args: Readonly<Record<string, unknown>>): Tool {
  return { name, parameters: schemaOf(args) as Record<string, unknown> }
}

function schemaOf(value: unknown): object {
  if (value === null) return { type: 'null' }
  if (Array.isArray(value)) return { type: 'array', items: value.length === 0 ? {} : schemaOf(value[0]) }
  if (typeof value !== 'object') return { type: typeof value }
  const properties = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaOf(member)]))
  return { type: 'object', properties }
}
