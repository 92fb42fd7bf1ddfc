import { type FormatMatch, formatForModel } from '../index.js'
import { readArgs } from './args.js'
import { say, write } from './output.js'
import { screenOf } from './screen.js'
import { quoted, wrap } from './screen-text.js'
import { UsageError, type Verb } from './verb.js'

const OPTIONS = {
  json: { type: 'boolean', help: 'write JSON: [{format, why, flags, startInReasoning?}], best first' },
} as const

/** `callsift match`. */
export const verb: Verb = {
  name: 'match',
  summary: 'tell which format a model writes',
  usage: 'callsift match NAME [--json]',
  options: OPTIONS,
  about: [
    'Takes the name of a model, as a hub, an engine or a file writes it, and tells the formats that it may write, best ' +
      'first, what inference engines call the parser of each, and whether its prompt opens the reasoning block. Exit ' +
      'code 1: the name says nothing.',
  ],
  examples: [
    { run: 'callsift match Qwen/Qwen2.5-7B-Instruct', does: 'by the name of a repository' },
    { run: 'callsift match hermes-3-llama-3.1-8b.Q4_K_M.gguf --json', does: 'by the name of a file, for programs' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const [name, ...others] = words
    if (name === undefined) throw new UsageError('no model named. Name one: callsift match Qwen/Qwen2.5-7B-Instruct')
    if (others.length > 0)
      throw new UsageError(`expected one name, got ${words.length}. Put quotes round a name with spaces`)
    const matches = formatForModel(name)
    if (values.json) await write(`${JSON.stringify(matches, null, 2)}\n`)
    else if (matches.length > 0) await write(matches.map(row).join(''))
    else say(`the name ${quoted(name)} says nothing about a format. Try callsift detect on a text of the model`)
    return matches.length > 0 ? 0 : 1
  },
}

function row({ format, why, flags, startInReasoning }: FormatMatch): string {
  const { columns, colors } = screenOf(process.stdout)
  const engines = Object.entries(flags).map(([engine, flag]) => `${ENGINES[engine] ?? engine} ${flag}`)
  const facts = [why]
  if (engines.length > 0) facts.push(`parser in ${engines.join(', ')}`)
  if (startInReasoning === true) facts.push('its texts begin inside reasoning: add --start-in-reasoning')
  const lines = facts.flatMap((fact) => wrap(fact, columns - 2).map((line) => `  ${line}`))
  return `${[colors.bold(format), ...lines].join('\n')}\n`
}

const ENGINES: Readonly<Record<string, string>> = {
  vllm: 'vLLM',
  sglang: 'SGLang',
  llamacpp: 'llama.cpp',
  dynamo: 'Dynamo',
  ollama: 'Ollama',
}
