import { CONFUSABLE } from '../../detect/confusable.js'
import { ENGINES, flagsOf } from '../../detect/engines.js'
import { reasoningOf } from '../../detect/reasoning-of.js'
import { type Engine, type Format, formats, getFormat, render, unreadFormats } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { knownFormat } from '../input/parser-flags.js'
import { factLines } from '../output/facts.js'
import { write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { columnsOf, wrap } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = { json: { type: 'boolean', help: 'write JSON' } } as const

/** `callsift formats`. */
export const verb: Verb = {
  name: 'formats',
  summary: 'list the formats, or describe one',
  usage: 'callsift formats [FORMAT] [--json]',
  options: OPTIONS,
  about: [
    'Lists the formats that callsift reads: the name of each, what a call looks like, and the models that ' +
      'write it. Given one format (by its name, or by an engine’s name for it), shows its names in each ' +
      'engine, the formats it may be confused with, and a whole call.',
  ],
  examples: [
    { run: 'callsift formats', does: 'the list' },
    { run: 'callsift formats hermes', does: 'one format, with a call as its models write it' },
    { run: 'callsift formats --json', does: 'all of it, for programs' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const name = oneFile(words)
    if (name === 'auto') throw new UsageError('auto is not a format: it lets the first marker of the text decide')
    const list = name === undefined ? formats() : [getFormat(knownFormat(name, getFormat))]
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
  const rows = list.map(({ id, wire, models }) => {
    const lines = [...wrap(wire, columns - width - 2), ...wrap(models, columns - width - 2).map(colors.dim)]
    return lines.map((line, i) => `${i === 0 ? colors.bold(id.padEnd(width)) : ' '.repeat(width)}  ${line}`).join('\n')
  })
  const unread = wrap(
    `Known but not read yet: ${unreadFormats().join(', ')}. callsift match NAME looks up a model or an engine’s name for a parser.`,
    columns,
  )
  return `${rows.join('\n\n')}\n\n${unread.join('\n')}\n`
}

function pageOf(format: Format): string {
  const { columns, colors } = screenOf(process.stdout)
  const { id, aliases, wire, models, flags, streams } = format
  const engines = (Object.keys(ENGINES) as Engine[]).map((engine) => {
    const names = flagsOf(flags, engine).filter((name) => name !== 'auto')
    return [ENGINES[engine].title, names.join(', ')] as const
  })
  const alike = list(CONFUSABLE.filter((group) => group.includes(id)).flat()).filter((other) => other !== id)
  const rows = factLines(
    [
      ['on the wire', wire],
      ['models', models],
      ['also named', list(aliases).join(', ')],
      ['reasoning', reasoningOf(format).join('; ')],
      ['streams', streams],
      ['close to', alike.join(', ')],
      ...engines,
    ],
    columns,
  )
  const example = exampleOf(format)
  return `${colors.bold(id)}\n${rows.join('\n')}\n${example === undefined ? '' : `\n${example}\n`}`
}

function list(names: readonly string[]): string[] {
  return [...new Set(names)]
}

function exampleOf(format: Format): string | undefined {
  try {
    return render([{ name: 'get_tide', arguments: { harbour: 'Stavanger', days: 3 } }], { format })
  } catch {
    // Formats that only read, such as those that a user defines.
    return undefined
  }
}
