import type { ParserOptions } from '../../index.js'
import { say } from '../output/output.js'
import { quoted } from '../output/screen-text.js'
import { UsageError } from '../verb.js'
import { readCount, type Values } from './args.js'
import { type KnownFormats, onlyOf } from './format-files.js'

/** The options of every verb that reads model text: those of the parser, as flags. */
export const PARSER_FLAGS = {
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    help: 'a format, an engine’s name for it, or auto; default: that of --model, else auto',
  },
  'format-file': {
    type: 'string',
    value: 'FILE',
    many: true,
    help: 'a JSON file that describes a format (src/described/README.md); may be repeated. A single one is the format unless --format says otherwise',
  },
  tools: {
    type: 'string',
    value: 'FILE',
    help: 'the tools as JSON: OpenAI, Anthropic or MCP, or a request that holds them',
  },
  model: { type: 'string', value: 'NAME', help: 'the model’s name, which decides the format if --format is not given' },
  'tool-choice': {
    type: 'string',
    value: 'CHOICE',
    help: 'auto (default), none, required, or the name of a tool',
  },
  'parallel-calls': {
    type: 'string',
    words: ['true', 'false'],
    help: 'false: keep only the first complete call; default true',
  },
  trust: {
    type: 'string',
    words: ['usual', 'cautious'],
    help: 'cautious: what a careful agent would not run is malformed (refused-call); default usual',
  },
  validate: { type: 'boolean', help: 'list in each call’s issues where it breaks the tool’s schema' },
  'start-in-reasoning': {
    type: 'boolean',
    help: 'the prompt already opened the reasoning block; default: what --model implies, else no',
  },
  'detect-reasoning': { type: 'boolean', help: 'hold the text back until it is clear whether it begins in reasoning' },
  'calls-in-reasoning': {
    type: 'string',
    words: ['unclosed', 'never'],
    help: 'unclosed (default): accept calls in reasoning that never closes; never: do not',
  },
  damaged: {
    type: 'string',
    words: ['keep', 'drop'],
    help: 'a block that turns out not to be a call: keep it as content, or drop it; default keep',
  },
  separators: {
    type: 'string',
    words: ['drop', 'keep'],
    help: 'white space next to markers; default drop',
  },
  'no-repair': { type: 'boolean', help: 'accept the exact grammar only' },
  coerce: { type: 'boolean', help: 'fit argument values to the schema ("10" to 10)' },
  'limit-argument-chars': {
    type: 'string',
    value: 'N',
    help: 'maximum length of one call’s arguments, in UTF-16 units; default 16 Mi',
  },
  'limit-calls': { type: 'string', value: 'N', help: 'maximum calls in one text; default 1024' },
  'limit-depth': { type: 'string', value: 'N', help: 'maximum nesting of arguments; default 512' },
} as const

/** The values of these flags. */
export type ParserValues = Values<typeof PARSER_FLAGS>

/** The parser's options that the flags give, without the format and the tools; those not given are left out. */
export function optionsFromFlags(values: Partial<ParserValues>): Omit<ParserOptions, 'format' | 'tools'> {
  const choice = values['tool-choice']
  const limits = {
    argumentChars: readCount('--limit-argument-chars', values['limit-argument-chars']),
    calls: readCount('--limit-calls', values['limit-calls']),
    depth: readCount('--limit-depth', values['limit-depth']),
  }
  return defined({
    toolChoice: choice === 'auto' || choice === 'none' || choice === 'required' ? choice : choice && { name: choice },
    startInReasoning: values['detect-reasoning'] ? 'detect' : values['start-in-reasoning'] || undefined,
    callsInReasoning: values['calls-in-reasoning'] as ParserOptions['callsInReasoning'],
    damaged: values.damaged as ParserOptions['damaged'],
    separators: values.separators as ParserOptions['separators'],
    repair: values['no-repair'] ? false : undefined,
    coerce: values.coerce || undefined,
    ...trustFromFlags(values),
    limits: Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined,
  }) as Omit<ParserOptions, 'format' | 'tools'>
}

/** What the flags say about the calls that may run: for the verbs that read a text, and for the proxy. */
export function trustFromFlags(
  values: Pick<Partial<ParserValues>, 'parallel-calls' | 'trust' | 'validate'>,
): Pick<ParserOptions, 'parallelCalls' | 'trust' | 'validate'> {
  return defined({
    parallelCalls: values['parallel-calls'] === 'false' ? false : undefined,
    trust: values.trust as ParserOptions['trust'],
    validate: values.validate || undefined,
  })
}

function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== '')) as T
}

/** A format, and what goes with the model that writes it. `auto`: the text decides. */
export interface ChosenFormat {
  readonly format: string
  readonly startInReasoning?: boolean
}

/** What is known of a text before it is read. */
export interface FormatRequest {
  readonly format?: string | undefined
  readonly model?: string | undefined
  /** Whether the text begins inside reasoning, where that is known better than from the model's name. */
  readonly startInReasoning?: boolean | undefined
}

/**
 * Decides the format before the text is read: what was asked for, else the one that a file describes, else what the model's name
 * says, else `auto`. What was not asked for in so many words is said on standard error.
 * @throws UsageError for a format that nobody knows, with near names
 * @example chooseFormat({ model: 'Qwen2.5-7B-Instruct' }, await readFormats([])) // { format: 'hermes' }
 */
export function chooseFormat(
  { format, model, startInReasoning }: FormatRequest,
  { getFormat, formatForModel, own }: Pick<KnownFormats, 'getFormat' | 'formatForModel' | 'own'>,
): ChosenFormat {
  const known = startInReasoning === undefined ? {} : { startInReasoning }
  if (format !== undefined) return { format: knownFormat(format, getFormat), ...known }
  const only = onlyOf({ own })
  if (only !== undefined) return { format: only.id, ...known }
  if (model === undefined) return { format: 'auto', ...known }
  const [match] = formatForModel(model)
  if (match === undefined) {
    say(`the model ${quoted(model)} is not known, so the text decides the format; name it with --format to be sure`)
    return { format: 'auto', ...known }
  }
  const begins = startInReasoning ?? match.startInReasoning
  say(`format ${match.format}${begins ? ', and the text begins inside reasoning' : ''} (${match.why})`)
  return { format: match.format, ...(begins === undefined ? {} : { startInReasoning: begins }) }
}

/**
 * The id of a format that was asked for by any of its names.
 * @throws UsageError with near names
 */
export function knownFormat(name: string, getFormat: KnownFormats['getFormat']): string {
  if (name === 'auto') return name
  try {
    return getFormat(name).id
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message}. All of them: callsift formats`)
  }
}
