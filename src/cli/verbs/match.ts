import { existsSync } from 'node:fs'
import { Template } from '@huggingface/jinja'
import { ENGINES } from '../../detect/engines.js'
import {
  type AboutModel,
  aboutModel,
  aboutTemplate,
  type Engine,
  type EngineFlags,
  formatForModel,
  getFormat,
  type ModelFormat,
} from '../../index.js'
import { readArgs } from '../input/args.js'
import { readTemplate } from '../input/read-template.js'
import { type Fact, factLines } from '../output/facts.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { oneLine, quoted, wrap } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  model: {
    type: 'string',
    value: 'NAME',
    help: 'the model that the template belongs to; warns if name and template disagree',
  },
  derive: {
    type: 'boolean',
    help: 'derive a format from the chat template in FILE, and show how',
  },
  out: {
    type: 'string',
    value: 'FILE',
    help: 'with --derive: save the format for --format-file',
  },
  id: {
    type: 'string',
    value: 'ID',
    help: "with --derive: the format's id; default: from the model's name or the file's",
  },
  json: {
    type: 'boolean',
    help: 'write JSON: with --derive {known?, nearest?, why, confidence, tried, example, description?, notes}; else [{format, why, flags, startInReasoning?, reasoning, reasoningFlags?, warnings}], best first; for several names [{model, verdict, says, formats, unread?}]',
  },
} as const

/** `callsift match`. */
export const verb: Verb = {
  name: 'match',
  summary: 'find the format that a model writes, by its name or its chat template',
  usage: 'callsift match NAME|FILE... [--model NAME] [--json] | --derive FILE [--out FILE]',
  options: OPTIONS,
  about: [
    'Takes names of models (as a hub, an engine or a file spells them), engines’ names for their parsers, or ' +
      'files that hold a chat template: tokenizer_config.json, chat_template.jinja or a GGUF file. For each, ' +
      'it lists the formats the model may write, best first, and why; the flags to set in each engine; whether ' +
      'the prompt opens the reasoning; which engines choose a wrong parser by default; and how to read it with ' +
      'callsift.',
    'A template is rendered with and without a call, and the output is read; a template that cannot be ' +
      'rendered is searched for markers. Exit code 1: one of them has no format. The output says whether the ' +
      'model writes no calls, writes a format that cannot be read yet, or is unknown.',
    '--derive makes a format from what the template writes: it renders calls of made-up tools and learns the ' +
      'format from what surrounds their names, keys and values. If the result is a known format, it says so. ' +
      'The format is tested before it is shown: each turn is read whole, cut into chunks in every way, and ' +
      'damaged. A template is code, so it is stopped if it does more than a template should.',
  ],
  examples: [
    { run: 'callsift match Qwen/Qwen2.5-7B-Instruct', does: 'by a repository’s name' },
    { run: 'callsift match step3p5 glm47 hermes', does: 'by engines’ names for their parsers' },
    { run: 'callsift match tokenizer_config.json --model my-finetune', does: 'by a model’s template' },
    { run: 'callsift match hermes-3-llama-3.1-8b.Q4_K_M.gguf --json', does: 'by a model file, for programs' },
    {
      run: 'callsift match --derive chat_template.jinja --out my-format.json',
      does: 'make a format from a template, and save it for --format-file',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    if (values.derive) return await derive(words, values)
    for (const name of ['out', 'id'] as const)
      if (values[name] !== undefined)
        throw new UsageError(`--${name} goes with --derive: callsift match --derive FILE --${name} …`)
    if (words.length === 0) throw new UsageError('no model named. Name one: callsift match Qwen/Qwen2.5-7B-Instruct')
    const answers: AboutModel[] = []
    for (const word of words) answers.push(isFile(word) ? await aboutFile(word, values.model) : aboutModel(word))
    const isAlone = answers.length === 1
    if (values.json) await writeJson(isAlone ? answers[0]?.formats : answers)
    else await write(answers.map((answer) => page(answer, isAlone)).join('\n'))
    for (const { verdict, says, model } of answers)
      if ((isAlone || values.json) && verdict !== 'read') say(`${shown(model, says)}${NEXT[verdict]}`)
    return answers.every(({ verdict }) => verdict === 'read') ? 0 : 1
  },
}

interface DeriveValues {
  readonly out?: string | undefined
  readonly id?: string | undefined
  readonly json?: boolean | undefined
}

/** Makes a format of the template in a file. */
async function derive([file, ...others]: readonly string[], { out, id, json }: DeriveValues): Promise<number> {
  if (file === undefined || others.length > 0)
    throw new UsageError('--derive takes one file with a chat template: callsift match --derive tokenizer_config.json')
  const { deriveFile, storeDescription } = await import('../input/derive-file.js')
  const { derivedPage } = await import('../output/derived-page.js')
  const derivation = await deriveFile(file, id)
  if (out !== undefined) await storeDescription(out, derivation)
  const { format: _, reasons: __, ...told } = derivation
  if (json) await writeJson(told)
  else await write(derivedPage(file, derivation, out))
  if (out !== undefined) say(`stored as ${out}: callsift parse FILE --format-file ${out}`)
  return 0
}

/** What to do about a model without a format. */
const NEXT: Readonly<Record<AboutModel['verdict'], string>> = {
  read: '',
  unread: '. Let the engine parse its calls, or describe the format in a file (--format-file)',
  'no-calls': '',
  parser: '',
  unknown: '. Try callsift detect on a text of the model',
}

/** Names of models have slashes too, so a file is what is there, or what can be nothing else. */
function isFile(name: string): boolean {
  return existsSync(name) || /\.(?:jinja2?|json)$/i.test(name)
}

async function aboutFile(file: string, model: string | undefined): Promise<AboutModel> {
  const { template, name } = await readTemplate(file)
  const called = model ?? name
  const about = aboutTemplate(template, {
    model: called,
    render: (source, context) => new Template(source).render(context),
  })
  const named = called === undefined ? [] : formatForModel(called)
  const [best] = about.formats
  if (best !== undefined && named.length > 0 && !named.some(({ format }) => format === best.format)) {
    const formats = named.map(({ format }) => format).join(', ')
    say(
      `the name ${quoted(called ?? '')} says ${formats}, but the template writes ${best.format}: the template decides`,
    )
  }
  return { ...about, model: file }
}

/** A sentence on a model, which need not name it again. */
function shown(model: string, says: string): string {
  const name = JSON.stringify(model)
  return says.startsWith(name) ? `${quoted(model)}${oneLine(says.slice(name.length))}` : oneLine(says)
}

function page({ model, says, verdict, formats, unread }: AboutModel, isAlone: boolean): string {
  const { columns, colors } = screenOf(process.stdout)
  const lines = isAlone ? [] : [colors.bold(oneLine(model))]
  if (verdict !== 'read' && !isAlone)
    lines.push(...wrap(`${shown(model, says)}${NEXT[verdict]}`, columns - 2).map((line) => `  ${line}`))
  for (const [i, found] of formats.entries()) {
    lines.push(isAlone ? colors.bold(found.format) : `  ${found.format}`)
    const facts = i === 0 ? factsOf(found) : ([['why', found.why]] as const)
    lines.push(...factLines(facts, columns))
    if (i === 0) lines.push(...commandsFor(found))
  }
  if (unread !== undefined) {
    const { format, wire, models, flags, reasoningFlags } = unread
    if (isAlone) lines.push(`${colors.bold(format)}, not read yet`)
    lines.push(
      ...factLines([['on the wire', wire], ['models', models], ...engineFacts(flags, reasoningFlags)], columns),
    )
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function factsOf(found: ModelFormat): Fact[] {
  const { format, why, flags, startInReasoning, reasoning, reasoningFlags, warnings } = found
  return [
    ['why', why],
    ['on the wire', getFormat(format).wire],
    ['reasoning', [...reasoning, ...beginsIn(startInReasoning, reasoning)].join('; ')],
    ...engineFacts(flags, reasoningFlags),
    ...warnings.map((warning): Fact => ['careful', warning]),
  ]
}

/** How callsift reads it: not broken into lines, so that they can be copied. */
function commandsFor({ format, startInReasoning }: ModelFormat): string[] {
  const options = `-f ${format}${startInReasoning === true ? ' --start-in-reasoning' : ''}`
  return [`  callsift parse FILE ${options}`, `  callsift proxy --upstream URL ${options}`]
}

function beginsIn(startInReasoning: boolean | undefined, reasoning: readonly string[]): string[] {
  if (reasoning.length === 0) return []
  if (startInReasoning === true) return ['opened by the prompt, so the text begins inside it']
  if (startInReasoning === false) return ['not opened by the prompt']
  return ['the template says whether the prompt opens it']
}

/** What to tell each engine, where it takes such names. */
function engineFacts(flags: EngineFlags, reasoning: EngineFlags = {}): Fact[] {
  return (Object.keys(ENGINES) as Engine[]).flatMap((engine): Fact[] => {
    const { title, tools, reasoning: reasons } = ENGINES[engine]
    const [parser, reasoner] = [flags[engine], reasoning[engine]]
    if (tools === undefined) return parser === undefined ? [] : [[title, 'detects it from the chat template']]
    const told = [parser && `${tools} ${parser}`, reasoner && reasons && `${reasons} ${reasoner}`]
    return [[title, told.filter((one) => one !== undefined && one !== '').join(' ')]]
  })
}
