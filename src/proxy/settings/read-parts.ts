import { type ParserOptions, readSettings } from '../../engine/options.js'
import { type Bell, createBell } from '../wire/bell.js'
import { isObject, type JsonObject } from '../wire/json.js'
import { wrong } from './read-option.js'

/**
 * Makes the prompt of a chat request, for an upstream that only completes text: a text or token ids. The request is the
 * body as the chat API takes it.
 */
export type MakePrompt = (request: JsonObject) => string | number[] | Promise<string | number[]>

const PARSER_OPTIONS = [
  'callsInReasoning',
  'damaged',
  'separators',
  'repair',
  'coerce',
  'parallelCalls',
  'validate',
  'trust',
  'limits',
]

/** @throws TypeError for a prompt that does not go with the API */
export function readPrompt(prompt: unknown, api: 'chat' | 'completions'): 'vllm' | 'llamacpp' | MakePrompt | undefined {
  if (api === 'chat') {
    if (prompt === undefined) return undefined
    throw new TypeError(
      "prompt: only with upstreamApi 'completions'; with 'chat' the upstream renders its own template",
    )
  }
  if (typeof prompt === 'function') return prompt as MakePrompt
  if (prompt === 'vllm' || prompt === 'llamacpp') return prompt
  throw wrong('prompt', "'vllm', 'llamacpp' or a function, since upstreamApi is 'completions'", prompt)
}

/** The parser checks its own options; a place in front tells whose they are. A policy or a retry needs what it finds out. */
export function readParserOptions(parser: unknown, validates: boolean): Omit<ParserOptions, 'format'> {
  if (parser === undefined) return validates ? { validate: true } : {}
  if (!isObject(parser)) throw wrong('parser', 'an object of parser options', parser)
  for (const key of Object.keys(parser)) {
    if (!PARSER_OPTIONS.includes(key))
      throw new TypeError(`parser.${key}: not supported here; supported are ${PARSER_OPTIONS.join(', ')}`)
  }
  try {
    readSettings({ ...parser, format: 'auto' })
  } catch (error) {
    throw new TypeError((error instanceof Error ? error.message : String(error)).replace(/^options/, 'parser'))
  }
  return validates ? { ...parser, validate: true } : parser
}

/** @throws TypeError for what is no signal */
export function readStop(stop: unknown): Bell {
  if (stop === undefined || stop instanceof AbortSignal) return createBell(stop)
  throw wrong('stop', 'an AbortSignal', stop)
}
