import { readArgs, readCount } from '../input/args.js'
import { askEngine, isUrl, type Question, questionIn } from '../input/ask-engine.js'
import { compare } from '../input/compare.js'
import { asObject } from '../input/fields.js'
import { readFormats } from '../input/format-files.js'
import { knownFormat, PARSER_FLAGS } from '../input/parser-flags.js'
import { INPUT_FLAGS } from '../input/read-completion.js'
import { readInput } from '../input/read-input.js'
import { parseJson } from '../input/read-json.js'
import { readKey } from '../input/read-key.js'
import { readSide, readSides, type Side } from '../input/read-side.js'
import { diffView } from '../output/diff-view.js'
import { write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  ...PARSER_FLAGS,
  format: {
    ...PARSER_FLAGS.format,
    many: true,
    help: 'the format of both; given twice, the first is for A and the second for B; default as for parse',
  },
  ...INPUT_FLAGS,
  request: {
    type: 'string',
    value: 'FILE',
    help: 'the request to send to engines, as JSON of chat completions or completions; default: the request of the other side, else a harmless question',
  },
  'api-key-env': {
    type: 'string',
    value: 'NAMES',
    help: 'the environment variables with the engines’ keys: one for each URL, separated by commas',
  },
  timeout: { type: 'string', value: 'SECONDS', help: 'how long each engine may take; default 120' },
  json: { type: 'boolean', help: 'write JSON: {same, sameText, differs: [{at, a, b}], a, b}' },
} as const

/** `callsift diff`. */
export const verb: Verb = {
  name: 'diff',
  summary: 'compare what two captures, two engines or two formats make of a text',
  usage: 'callsift diff A [B] [--format FORMAT] [--format FORMAT]',
  options: OPTIONS,
  about: [
    'A and B are files that parse reads (text, a saved completion, a dump of server-sent events, a HAR file, ' +
      'a capture), or URLs of engines. callsift reads raw text; if a server has already parsed the calls, its ' +
      'result is used. The comparison covers content, reasoning, calls with their arguments, calls that must ' +
      'not be run, and the status.',
    'An engine is sent the request of the other side, if that is a capture or a HAR file; otherwise that of ' +
      '--request, or else a harmless question with one tool. With one file and two formats, it compares the ' +
      'formats.',
    'Exit codes: 0 the same; 1 something differs; 2 usage, or an engine that does not answer.',
  ],
  examples: [
    { run: 'callsift diff before.json after.json', does: 'two captures of callsift proxy --record' },
    {
      run: 'callsift diff capture.json http://localhost:8000/v1',
      does: 'sends another engine the same request, and compares',
    },
    {
      run: 'callsift diff http://a:8000/v1 http://b:8000/v1 --request request.json --json',
      does: 'two engines, for programs',
    },
    { run: 'callsift diff reply.txt --format hermes --format qwen3-coder', does: 'two formats on one text' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const formats = values.format
    const known = await readFormats(values['format-file'])
    for (const name of formats) knownFormat(name, known.getFormat)
    if (formats.length > 2) throw new UsageError(`--format: at most two, got ${formats.length}`)
    const [a, b = formats.length === 2 ? a : undefined, ...rest] = words
    if (a === undefined || b === undefined || rest.length > 0)
      throw new UsageError(
        'expected two: callsift diff A B, or one file and two formats: callsift diff A --format F --format G',
      )
    if (a === '-' && b === '-' && words.length === 2) throw new UsageError('only one side can be standard input')
    const patience = (readCount('--timeout', values.timeout) ?? 120) * 1000
    const keys = (values['api-key-env'] ?? '').split(',')
    const given = await readRequest(values.request)
    const ask = (url: string, question: Question | undefined, nth: number) =>
      askEngine(url, given ?? question, {
        model: values.model,
        apiKey: readKey('--api-key-env', keys[nth] || undefined),
        patience,
      })
    const entry = readCount('--entry', values.entry)
    const texts = words.length === 1 && !isUrl(a) ? await once(a) : await readSides([a, b], entry, ask)
    const [formatA, formatB = formatA] = formats
    const sides: [Side, Side] = [
      await readSide(texts[0], { ...values, format: formatA }, known),
      await readSide(texts[1], { ...values, format: formatB }, known),
    ]
    const differs = compare(told(sides[0]), told(sides[1]))
    const same = differs.length === 0
    if (values.json) await writeJson({ same, sameText: sameText(sides), differs, a: sides[0], b: sides[1] })
    else await write(diffView(sides, differs, screenOf(process.stdout)))
    return same ? 0 : 1
  },
}

async function once(file: string) {
  const input = await readInput(file)
  return [input, input] as const
}

async function readRequest(file: string | undefined): Promise<Question | undefined> {
  if (file === undefined) return undefined
  const question = questionIn(asObject(parseJson(await readInput(file))))
  if (question !== undefined) return question
  throw new UsageError(
    `--request ${file}: neither "messages" nor "prompt" is in it, so it is not a request to an engine`,
  )
}

/** What is compared. */
function told({ status, content, reasoning, toolCalls, incomplete }: Side): object {
  return { toolCalls, incomplete, content, reasoning, status }
}

/** Whether both sides read the same text; null where a server has kept it. */
function sameText([{ text: a }, { text: b }]: readonly [Side, Side]): boolean | null {
  return a === undefined || b === undefined ? null : a === b
}
