import { GrammarError, type GrammarOptions, gbnf, lark, loosened, structuralTag } from '../../grammar/grammar.js'
import { readArgs } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { chooseFormat, PARSER_FLAGS } from '../input/parser-flags.js'
import { readToolsFile } from '../input/read-json.js'
import { say, write } from '../output/output.js'
import { UsageError, type Verb } from '../verb.js'

const { format, tools, model } = PARSER_FLAGS

const OPTIONS = {
  format: { ...format, help: 'the format of the calls' },
  'format-file': PARSER_FLAGS['format-file'],
  model,
  tools,
  to: {
    type: 'string',
    words: ['xgrammar', 'gbnf', 'lark'],
    help: 'xgrammar: a structural tag, for vLLM and SGLang (default); gbnf: for llama.cpp; lark: for llguidance',
  },
  'tool-choice': {
    type: 'string',
    value: 'CHOICE',
    help: 'auto (default): text with calls in it; required: calls alone; the name of a tool: one call of it; none: text',
  },
  'parallel-calls': { ...PARSER_FLAGS['parallel-calls'], help: 'false: at most one call; default true' },
  'no-reasoning': { type: 'boolean', help: 'allow no reasoning; default: reasoning may come first' },
  'start-in-reasoning': {
    type: 'boolean',
    help: 'the prompt already opened the reasoning block; default: what --model implies, else no',
  },
} as const

/** `callsift grammar`. */
export const verb: Verb = {
  name: 'grammar',
  summary: 'write a grammar that constrains a model to valid calls of a format',
  usage: 'callsift grammar --format FORMAT --tools FILE [--to xgrammar|gbnf|lark] [--tool-choice CHOICE]',
  options: OPTIONS,
  about: [
    'Writes what an engine needs to constrain a model to valid calls of these tools, in this format: a ' +
      'structural tag for xgrammar (response_format of vLLM and SGLang), GBNF (grammar of llama.cpp) or Lark ' +
      '(llguidance).',
    'Arguments follow the order of the schema. What a grammar cannot express, such as a pattern or a range, ' +
      'is left open and listed on standard error. Exit code 2: the format cannot express one of the tools.',
  ],
  examples: [
    { run: 'callsift grammar -f hermes --tools tools.json', does: 'a structural tag' },
    {
      run: 'callsift grammar -f qwen3-coder --tools tools.json --to gbnf --tool-choice required',
      does: 'for llama.cpp',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    if (words.length > 0) throw new UsageError(`grammar takes options only, got ${words[0]}`)
    const formats = await readFormats(values['format-file'])
    const chosen = chooseFormat(values, formats)
    if (chosen.format === 'auto')
      throw new UsageError('--format is missing: name the format to write; callsift formats lists them')
    const tools = await readToolsFile(values.tools)
    if (tools === undefined) throw new UsageError('--tools is missing: name a file with the tools as JSON')
    const choice = values['tool-choice'] ?? 'auto'
    const options: GrammarOptions = {
      toolChoice: choice === 'auto' || choice === 'required' || choice === 'none' ? choice : { name: choice },
      parallelCalls: values['parallel-calls'] !== 'false',
      reasoning: !values['no-reasoning'],
      startInReasoning: values['start-in-reasoning'] || chosen.startInReasoning === true,
    }
    const format = formats.getFormat(chosen.format)
    try {
      const text =
        values.to === 'gbnf'
          ? gbnf(format, tools, options)
          : values.to === 'lark'
            ? lark(format, tools, options)
            : `${JSON.stringify(structuralTag(format, tools, options), null, 2)}\n`
      await write(text)
    } catch (error) {
      if (error instanceof GrammarError) throw new UsageError(error.message)
      throw error
    }
    for (const what of loosened(format, tools, options)) say(`not enforced: ${what}`)
    return 0
  },
}
