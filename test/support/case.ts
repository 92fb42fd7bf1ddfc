import { readFileSync } from 'node:fs'
import type { ParseResult, ParserOptions } from '../../src/index.js'
import type { ToolsInput } from '../../src/tools/tools-input.js'

/** One case of a `.jsonl` file: a completion and what has to be read from it. */
export interface Case {
  readonly id: string
  readonly format: string
  readonly why: string
  readonly completion: string
  readonly tools?: ToolsInput
  readonly options?: Omit<ParserOptions, 'format' | 'tools'>
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly { name: string; arguments: unknown; nativeId?: string }[]
  readonly finish: string
}

/** The cases of a file, one JSON object a line. */
export function readCases(file: URL): Case[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Case)
}

/** The options that a case is parsed with. Cases state their text with its separators, where they say nothing else. */
export function optionsOf(c: Case): ParserOptions {
  return { format: c.format, tools: c.tools, separators: 'keep', ...c.options }
}

/** What a case expects, in the shape of `outcome`. */
export function expected(c: Case): object {
  const calls = c.calls.map(({ name, arguments: args, nativeId }) => ({
    name,
    arguments: args,
    ...(nativeId === undefined ? {} : { nativeId }),
  }))
  return plain({ content: c.content.trim(), reasoning: c.reasoning.trim(), finish: c.finish, calls })
}

/** A result as cases compare it: text trimmed, native ids only where the case names them. */
export function outcome(result: ParseResult, c: Case): object {
  const calls = result.toolCalls.map((call, i) => ({
    name: call.name,
    arguments: call.arguments,
    ...(c.calls[i]?.nativeId === undefined ? {} : { nativeId: call.nativeId }),
  }))
  return plain({ content: result.content.trim(), reasoning: result.reasoning.trim(), finish: result.status, calls })
}

/** As JSON has it: undefined members gone, -0 as 0. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object
}
