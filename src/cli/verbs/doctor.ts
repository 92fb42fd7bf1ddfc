import type { Format } from '../../index.js'
import type { UpstreamBase } from '../../proxy/wire/route.js'
import { readArgs, readCount } from '../input/args.js'
import { readEngineUrl } from '../input/engine-requests.js'
import { onlyOf, readFormats } from '../input/format-files.js'
import { judgeModes } from '../input/judge-modes.js'
import { lookAtEngine, renderTemplate } from '../input/look-at-engine.js'
import { PARSER_FLAGS } from '../input/parser-flags.js'
import { readKey } from '../input/read-key.js'
import { tryModes } from '../input/try-modes.js'
import { type EngineReport, engineFacts, type Tried, triedFacts, wrongFacts } from '../output/engine-report.js'
import { factLines } from '../output/facts.js'
import { version } from '../output/help.js'
import { write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  model: { type: 'string', value: 'NAME', help: 'the model to ask; default: the first one that the engine lists' },
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    help: 'the format of its text; default: as the engine reports',
  },
  'format-file': PARSER_FLAGS['format-file'],
  'api-key-env': { type: 'string', value: 'NAME', help: 'the environment variable that holds the engine’s key' },
  timeout: { type: 'string', value: 'SECONDS', help: 'how long each answer may take; default 120' },
  json: {
    type: 'boolean',
    help: 'write JSON: {callsift, platform, url, engine?, version?, models, model?, format?, tried: [{reader, streamed, status, calls, content, reasoning, …}], wrong: [{what, mend}]}',
  },
} as const

/** What is told of an engine, as `--json` writes it. */
interface Doctored extends EngineReport {
  callsift: string
  platform: string
  url: string
  model?: string
  format?: string
  tried: Tried[]
}

/** `callsift doctor`. */
export const verb: Verb = {
  name: 'doctor',
  summary: 'check whether an inference server’s tool calls arrive, and say how to fix it',
  usage: 'callsift doctor URL [--model NAME] [--json]',
  options: OPTIONS,
  about: [
    'Asks a server (vLLM, SGLang, llama.cpp, Ollama or another with OpenAI’s chat completions) which models ' +
      'it serves, and finds the format of each by its template and its names. Then it sends one harmless ' +
      'question with a tool, whole and streamed, and compares the calls as read by the server’s own parser, by ' +
      'callsift, and by callsift over text completions (`completions`, if the server can render prompts).',
    'The output is safe to paste into a report: it holds no keys, and only the calls and the beginning of ' +
      'the text of each answer. Exit code 0: all agree. 1: something is wrong, and the output says how to fix ' +
      'it. It may take a while: the server writes up to six answers.',
  ],
  examples: [
    { run: 'callsift doctor http://localhost:8000/v1', does: 'the first model of a server' },
    { run: 'callsift doctor http://gpu:8000/v1 --model my-model --api-key-env VLLM_KEY', does: 'a model behind a key' },
    { run: 'callsift doctor http://localhost:8080/v1 --json > report.json', does: 'for programs' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const [url, ...rest] = words
    if (url === undefined) throw new UsageError('no server named. Name one: callsift doctor http://localhost:8000/v1')
    if (rest.length > 0) throw new UsageError(`doctor takes one URL; ${quoted(rest[0] ?? '')} is a second one`)
    const told = await examine(readEngineUrl(url), {
      apiKey: readKey('--api-key-env', values['api-key-env']),
      model: values.model,
      format: await formatFromFlags(values),
      patience: (readCount('--timeout', values.timeout) ?? 120) * 1000,
    })
    if (values.json) await writeJson(told)
    else await write(page(told))
    return told.wrong.length === 0 ? 0 : 1
  },
}

interface ExamineOptions {
  readonly apiKey: string | undefined
  readonly model: string | undefined
  readonly format: string | Format | undefined
  readonly patience: number
}

/** The format that the flags name, as a value where a file has it; undefined if they name none. */
async function formatFromFlags(values: {
  readonly format: string | undefined
  readonly 'format-file': readonly string[]
}): Promise<string | Format | undefined> {
  const { own, getFormat } = await readFormats(values['format-file'])
  if (values.format === undefined) return onlyOf({ own })
  return own.length === 0 ? values.format : getFormat(values.format)
}

async function examine(
  base: UpstreamBase,
  { apiKey, model: wanted, format: named, patience }: ExamineOptions,
): Promise<Doctored> {
  const report = await lookAtEngine(base, { apiKey, model: wanted, hasFormat: named !== undefined })
  const about = report.models[0]
  const model = about?.id ?? wanted
  const told = {
    callsift: version,
    platform: `${process.platform} ${process.arch}, Node ${process.version}`,
    url: base.api,
  }
  if (model === undefined) return { ...told, ...report, tried: [] }
  const format = named ?? about?.format
  const prompt = report.engine === 'vLLM' ? 'vllm' : report.engine === 'llama.cpp' ? 'llamacpp' : undefined
  const { api } = base
  const startInReasoning = about?.startInReasoning
  const tried = await tryModes({ api, model, apiKey, format, renderTemplate, startInReasoning, prompt, patience })
  const wrong = [...report.wrong, ...judgeModes(tried, { engine: report.engine, format, api })]
  const id = typeof format === 'object' ? format.id : format
  return { ...told, ...report, model, ...(id === undefined ? {} : { format: id }), tried, wrong }
}

function page({ callsift, platform, url, model, format, tried, wrong, ...report }: Doctored): string {
  const { columns, colors } = screenOf(process.stdout)
  const asked =
    model === undefined ? [] : [['asked', `${model}${format === undefined ? '' : `, read as ${format}`}`] as const]
  const tables = [[...engineFacts({ ...report, wrong }), ...asked], triedFacts(tried), wrongFacts(wrong)]
  const end =
    wrong.length === 0 ? 'All agree.' : `${wrong.length} ${wrong.length === 1 ? 'thing is' : 'things are'} wrong.`
  const head = colors.bold(`callsift doctor ${url}`)
  return `${[head, `  callsift ${callsift}, ${platform}`, ...tables.flatMap((facts) => factLines(facts, columns)), end].join('\n')}\n`
}
