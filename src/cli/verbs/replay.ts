import { appendFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mergeEvents } from '../../event/merge-events.js'
import { type ParseEvent, type Parser, type ParserOptions, parse } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { type KnownFormats, readFormats } from '../input/format-files.js'
import { PARSER_FLAGS } from '../input/parser-flags.js'
import { INPUT_FLAGS, readCompletion, readingOf } from '../input/read-completion.js'
import { type Difference, type Read, replayText, shrinkText } from '../input/replay-text.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { clip, oneLine, quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  ...PARSER_FLAGS,
  ...INPUT_FLAGS,
  all: { type: 'boolean', help: 'replay with every format' },
  with: { type: 'string', value: 'MODULE', help: 'check your own parser: a module that exports createParser or parse' },
  save: { type: 'string', value: 'FILE', help: 'append the text, shrunk if it fails, as a line of fixtures' },
  json: { type: 'boolean', help: 'write JSON: [{parser, feeds, difference?, smallest?}]' },
} as const

/** `callsift replay`. */
export const verb: Verb = {
  name: 'replay',
  summary: 'check that a text gives the same events however it is cut into chunks',
  usage: 'callsift replay FILE|- [--format FORMAT|--all] [--with MODULE] [--save FILE]',
  options: OPTIONS,
  about: [
    'Reads a completion whole, by single characters, in chunks the size of tokens, cut in two at every ' +
      'place, and in its original chunks if the file holds them (a dump of server-sent events, a HAR file, a ' +
      'capture of callsift proxy --record). All must give the same events. If they do not, it shows the first ' +
      'difference and the smallest text found that still differs.',
    '--with checks any other parser: a module that exports createParser(options), whose push(chunk) and ' +
      'end() return lists of events, or parse(chunks, options), which returns one value.',
    'Exit codes: 0 all the same; 1 a difference; 2 usage.',
  ],
  examples: [
    { run: 'callsift replay capture.sse --format hermes', does: 'one capture in every chunking' },
    { run: 'callsift replay session.har --entry 7', does: 'a reply in the chunks that a browser received' },
    { run: 'callsift replay reply.txt --with ./my-parser.mjs --save fixtures/mine.jsonl', does: 'your own parser' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const found = await readCompletion(oneFile(words), values)
    const { text } = found
    const captured = found.isRescued ? found.chunks : []
    if (found.isRescued) say(`${found.name}: ${quoted(text)} in ${captured.length} chunks`)
    const formats = await readFormats(values['format-file'])
    const { format, ...options } = (await readingOf(found, values, formats)).options
    const parsers = await parsersOf(values, format, options, formats)
    const reports: Report[] = parsers.map(({ parser, read }) => {
      const { feeds, difference } = replayText(text, read, captured)
      return { parser, feeds, ...(difference && { difference, smallest: shrinkText(text, read) }) }
    })
    if (values.json) await writeJson(reports)
    else for (const report of reports) await write(viewOf(report))
    const failed = reports.find(({ difference }) => difference !== undefined)
    if (values.save !== undefined) await save(values.save, failed?.smallest ?? text, format, options)
    return failed === undefined ? 0 : 1
  },
}

interface Report {
  parser: string
  feeds: number
  difference?: Difference
  smallest?: string
}

interface Subject {
  parser: string
  read: Read
}

interface Asked {
  all?: boolean | undefined
  with?: string | undefined
}

type Options = Omit<ParserOptions, 'format'>

async function parsersOf(values: Asked, chosen: string, options: Options, formats: KnownFormats): Promise<Subject[]> {
  if (values.with !== undefined) return [await readModule(values.with, { ...options, format: chosen })]
  const ids = values.all ? formats.formats().map(({ id }) => id) : [chosen]
  return ids.map((format) => ({
    parser: format,
    read: (chunks) => mergeEvents(run(formats.createParser({ ...options, format }), chunks)),
  }))
}

function run(parser: Parser, chunks: readonly string[]): ParseEvent[] {
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()]
}

/** A parser of one's own, by its module. */
async function readModule(file: string, options: ParserOptions): Promise<Subject> {
  let module: Record<string, unknown>
  try {
    module = await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    throw new UsageError(
      `--with ${quoted(file)} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const { createParser: make, parse: read } = module
  if (typeof make === 'function') return { parser: file, read: (chunks) => mergeEvents(run(make(options), chunks)) }
  if (typeof read === 'function') return { parser: file, read: (chunks) => [read(chunks, options)] }
  throw new UsageError(`--with ${quoted(file)} exports neither createParser(options) nor parse(chunks, options)`)
}

function viewOf({ parser, feeds, difference, smallest }: Report): string {
  const { colors, columns } = screenOf(process.stdout)
  if (difference === undefined)
    return `${colors.green('same')} ${parser}: ${feeds} ways to cut the text, the same events\n`
  const { feed, index, whole, cut } = difference
  const line = (label: string, value: unknown) =>
    `  ${label.padEnd(9)}${clip(oneLine(String(value ?? 'nothing')), columns - 12)}`
  return [
    `${colors.red('differs')} ${parser}: in ${feed}, event ${index} is not that of the whole text`,
    line('whole', whole),
    line('cut', cut),
    line('smallest', JSON.stringify(smallest)),
    '',
  ].join('\n')
}

async function save(file: string, completion: string, format: string, options: Options): Promise<void> {
  const { content, reasoning, toolCalls, status } = parse(completion, { ...options, format })
  const calls = toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))
  const { tools, ...rest } = options
  const given = {
    ...(tools === undefined ? {} : { tools }),
    ...(Object.keys(rest).length > 0 ? { options: rest } : {}),
  }
  const id = `${format}/replay-${completion.length}`
  const line = { id, format, why: 'saved by replay', ...given, completion, reasoning, content, calls, finish: status }
  try {
    await appendFile(file, `${JSON.stringify(line)}\n`)
  } catch (error) {
    throw new UsageError(
      `--save ${quoted(file)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  say(`wrote ${id} to ${quoted(file)}: check what it expects, and say why it is there`)
}
