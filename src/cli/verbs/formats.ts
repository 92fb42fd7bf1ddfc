import { type Format, formats, getFormat, render } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { knownFormat } from '../input/parser-flags.js'
import { write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { clip, columnsOf, wrap } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = { json: { type: 'boolean', help: 'write JSON' } } as const

/** `callsift formats`. */
export const verb: Verb = {
  name: 'formats',
  summary: 'list the formats, or tell about one',
  usage: 'callsift formats [FORMAT] [--json]',
  options: OPTIONS,
  about: [
    'Lists what callsift can read: the name of each format, how a call looks in it, and the models that write it. With ' +
      'the name of one (or what vLLM, SGLang, llama.cpp, Dynamo or Ollama call it): its other names, and a whole call.',
  ],
  examples: [
    { run: 'callsift formats', does: 'the list' },
    { run: 'callsift formats hermes', does: 'one format, with a call as its models write it' },
    { run: 'callsift formats --json', does: 'all of it, for programs' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const name = oneFile(words)
    if (name === 'auto') throw new UsageError('auto is no format: it lets the first marker of a text decide')
    const list = name === undefined ? formats() : [getFormat(knownFormat(name))]
    if (values.json) {
      const facts = list.map(factsOf)
      await writeJson(name === undefined ? facts : facts[0])
    } else await write(name === undefined ? listOf(list) : list.map(pageOf).join(''))
    return 0
  },
}

function factsOf({ id, aliases, wire, models, flags, streams }: Format): object {
  return { id, aliases, wire, models, flags, streams }
}

function listOf(list: readonly Format[]): string {
  const { columns, colors } = screenOf(process.stdout)
  const width = Math.max(...list.map(({ id }) => columnsOf(id)))
  const rows = list.flatMap(({ id, wire, models }) => [
    `${colors.bold(id)}${' '.repeat(width - columnsOf(id))}  ${clip(wire, columns - width - 2)}`,
    ...wrap(models, columns - width - 2).map((line) => `${' '.repeat(width)}  ${colors.dim(line)}`),
  ])
  return `${rows.join('\n')}\n`
}

function pageOf(format: Format): string {
  const { columns, colors } = screenOf(process.stdout)
  const flags = Object.entries(format.flags).map(([engine, flag]) => `${engine} ${flag}`)
  const facts: [string, string][] = [
    ['models', format.models],
    ['also named', [...new Set(format.aliases)].join(', ')],
    ['parser in', flags.join(', ')],
    ['streams', format.streams],
    ['on the wire', format.wire],
  ]
  const rows = facts
    .filter(([, text]) => text !== '')
    .flatMap(([title, text]) =>
      wrap(text, columns - 14).map((line, i) => `${(i === 0 ? title : '').padEnd(12)}  ${line}`),
    )
  const example = exampleOf(format)
  return `${colors.bold(format.id)}\n${rows.join('\n')}\n${example === undefined ? '' : `\n${example}\n`}`
}

function exampleOf(format: Format): string | undefined {
  try {
    return render([{ name: 'get_tide', arguments: { harbour: 'Stavanger', days: 3 } }], { format })
  } catch {
    // Formats that only read, such as those that a user defines.
    return undefined
  }
}
