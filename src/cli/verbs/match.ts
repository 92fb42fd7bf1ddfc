import { existsSync } from 'node:fs'
import { Template } from '@huggingface/jinja'
import { type FormatMatch, formatForModel, formatForTemplate } from '../../index.js'
import { readArgs } from '../input/args.js'
import { readTemplate } from '../input/read-template.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { quoted, wrap } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  model: {
    type: 'string',
    value: 'NAME',
    help: 'the model whose template this is: says so where name and template disagree',
  },
  json: { type: 'boolean', help: 'write JSON: [{format, why, flags, startInReasoning?}], best first' },
} as const

/** `callsift match`. */
export const verb: Verb = {
  name: 'match',
  summary: 'tell which format a model writes, by its name or its chat template',
  usage: 'callsift match NAME|FILE [--model NAME] [--json]',
  options: OPTIONS,
  about: [
    'Takes the name of a model, as a hub, an engine or a file writes it, or a file that holds its chat template: ' +
      'tokenizer_config.json, chat_template.jinja or a GGUF file. Tells the formats that it may write, best first, why, ' +
      'what inference engines call the parser of each, and whether its prompt opens the reasoning block.',
    'A template is rendered with a call and without, and what it wrote is read; one that cannot be rendered is searched for ' +
      'markers. Exit code 1: nothing says which format it is.',
  ],
  examples: [
    { run: 'callsift match Qwen/Qwen2.5-7B-Instruct', does: 'by the name of a repository' },
    { run: 'callsift match tokenizer_config.json --model my-finetune', does: 'by the template of a model' },
    { run: 'callsift match hermes-3-llama-3.1-8b.Q4_K_M.gguf --json', does: 'by a model file, for programs' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const [name, ...others] = words
    if (name === undefined) throw new UsageError('no model named. Name one: callsift match Qwen/Qwen2.5-7B-Instruct')
    if (others.length > 0)
      throw new UsageError(`expected one name, got ${words.length}. Put quotes round a name with spaces`)
    const matches = isFile(name) ? await matchFile(name, values.model) : formatForModel(name)
    if (values.json) await writeJson(matches)
    else if (matches.length > 0) await write(matches.map(row).join(''))
    else say(`${quoted(name)} says nothing about a format. Try callsift detect on a text of the model`)
    return matches.length > 0 ? 0 : 1
  },
}

/** Names of models have slashes too, so a file is what is there, or what can be nothing else. */
function isFile(name: string): boolean {
  return existsSync(name) || /\.(?:jinja2?|json)$/i.test(name)
}

async function matchFile(file: string, model: string | undefined): Promise<FormatMatch[]> {
  const { template, name } = await readTemplate(file)
  const called = model ?? name
  const matches = formatForTemplate(template, { render: (source, context) => new Template(source).render(context) })
  const named = called === undefined ? [] : formatForModel(called)
  const [best] = matches
  if (best !== undefined && named.length > 0 && !named.some(({ format }) => format === best.format)) {
    const formats = named.map(({ format }) => format).join(', ')
    say(
      `the name ${quoted(called ?? '')} says ${formats}, but the template writes ${best.format}: the template decides`,
    )
  }
  return matches.length > 0 ? matches : named
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
