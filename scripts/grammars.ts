// Checks the grammars of all formats against the engines' own readers of grammars (`npm run grammars -- PYTHON`): xgrammar and
// llguidance of PyPI, in the Python that is named. They have to take every notation, to accept the calls that `render` writes and
// refuse damaged ones; and where xgrammar has a structural tag of its own for a model, it has to accept the same calls.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allFormats } from '../parsers/index.js'
import type { Format } from '../src/engine/format.js'
import { renderFormat } from '../src/formats/render.js'
import { type GrammarOptions, gbnf, lark, structuralTag } from '../src/grammar/grammar.js'
import { readTools } from '../src/tools/schema.js'

/** xgrammar's name for a structural tag, and how it wants a turn where it wants another than `render` writes. */
type Builtin = readonly [name: string, inItsWay?: (text: string) => string]

/** Formats for whose models xgrammar has structural tags. */
const BUILTIN: Readonly<Record<string, readonly Builtin[]>> = {
  // Without the special token that tells a call from data.
  llama3: [['llama', (text) => text.replaceAll('<|python_tag|>', '')]],
  'kimi-k2': [['kimi']],
  // The prompt began an answer, and the message is closed.
  'kimi-k3': [['kimi_k3', (text) => `<|close|>response<|sep|>${text}<|close|>message<|sep|>`]],
  'deepseek-v3': [['deepseek_r1']],
  'deepseek-v3.1': [['deepseek_v3_1']],
  'deepseek-v3.2': [['deepseek_v3_2']],
  'deepseek-v4': [['deepseek_v4']],
  'deepseek-v4.1': [['deepseek_v4_1']],
  'qwen3-coder': [['qwen_3_coder'], ['qwen_3_5']],
  mimo: [['mimo']],
  // The second wants the JSON on the lines of its tags.
  hermes: [['qwen_3'], ['exaone', (text) => text.replaceAll('>\n{', '>{').replaceAll('}\n<', '}<')]],
  // The recipient stands before the channel.
  harmony: [
    ['harmony', (text) => text.replace(/<\|channel\|>commentary to=(\S{1,40})/g, ' to=$1<|channel|>commentary')],
  ],
  // The prompt opened the reasoning, and blank lines follow it.
  'minimax-m2': [['minimax', (text) => `\n</think>\n\n\n\n\n${text}`]],
  'minimax-m3': [['minimax_m3']],
  'glm-4.7': [['glm_4_7']],
  gemma4: [['gemma_4']],
  // On one line.
  'command-5': [['cohere', (text) => text.replaceAll('>\n<', '><')]],
}

const TOOLS = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer' },
        fine: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        at: { type: 'object', properties: { lat: { type: 'number' }, name: { type: 'string' } }, required: ['lat'] },
      },
      required: ['city', 'days'],
    },
  },
  { name: 'get_time', parameters: { type: 'object', properties: { zone: { enum: ['CET', 'UTC'] } } } },
]
const CALLS = [
  [{ name: 'get_weather', arguments: { city: 'Bodø', days: 3 } }],
  [
    {
      name: 'get_weather',
      arguments: { city: 'St. "Kilda"', days: -1, tags: ['a b', 'c'], at: { lat: 67.28, name: 'x' } },
    },
  ],
  [{ name: 'get_time', arguments: { zone: 'UTC' } }],
  [
    { name: 'get_weather', arguments: { city: 'Oslo', days: 0, fine: true } },
    { name: 'get_time', arguments: { zone: 'CET' } },
  ],
]

interface Check {
  readonly format: string
  readonly options: GrammarOptions
  readonly tag: unknown
  readonly gbnf: string
  readonly lark: string
  readonly accepts: readonly string[]
  readonly refuses: readonly string[]
  readonly builtin: readonly { readonly name: string; readonly texts: readonly string[] }[]
}

function checksOf(format: Format): Check[] {
  const write = (calls: (typeof CALLS)[number], parts = {}) => renderFormat(format, calls, parts, readTools(TOOLS))
  const calls = CALLS.map((calls) => write(calls))
  const whole = calls[0] as string
  // The value of a number is the one place in which every format is the same.
  const damaged = [
    whole.slice(0, whole.indexOf('days')),
    whole.replace('3', 'x'),
    whole.replace('get_weather', 'get_wether'),
  ]
  const thinks = attempt(() => write(CALLS[0] ?? [], { reasoning: 'Where is that?\n' }))
  const withText = attempt(() => write(CALLS[0] ?? [], { content: 'I look it up.' }))
  const all: (readonly [GrammarOptions, readonly string[], readonly string[]])[] = [
    [{ toolChoice: 'required', reasoning: false }, calls, ['', 'Hello.', ...damaged]],
    [{ toolChoice: 'required', reasoning: true }, [...calls, ...thinks], damaged],
    [{ toolChoice: 'auto' }, [...calls, ...withText, ...thinks], []],
    [{ toolChoice: { name: 'get_time' }, reasoning: false }, [calls[2] ?? ''], [whole, calls[3] ?? '']],
    [{ toolChoice: 'none', reasoning: false }, attempt(() => write([], { content: 'Hello.' })), calls],
  ]
  return all.map(([options, accepts, refuses], i) => ({
    format: format.id,
    options,
    tag: structuralTag(format, TOOLS, options),
    gbnf: gbnf(format, TOOLS, options),
    lark: lark(format, TOOLS, options),
    accepts,
    refuses,
    builtin: i === 0 ? builtinOf(format.id, accepts) : [],
  }))
}

function builtinOf(id: string, turns: readonly string[]): Check['builtin'] {
  const tags = BUILTIN[id] ?? []
  return tags.map(([name, inItsWay = (text) => text]) => ({ name, texts: turns.map(inItsWay) }))
}

function attempt(write: () => string): string[] {
  try {
    return [write()]
  } catch {
    return []
  }
}

const [python = 'python3', ...only] = process.argv.slice(2)
const chosen = allFormats.filter(({ id }) => only.length === 0 || only.includes(id))
const file = join(tmpdir(), `callsift-grammars-${process.pid}.json`)
writeFileSync(file, JSON.stringify({ tools: TOOLS, checks: chosen.flatMap(checksOf) }))
process.exit(spawnSync(python, ['scripts/grammars.py', file], { stdio: 'inherit' }).status ?? 1)
