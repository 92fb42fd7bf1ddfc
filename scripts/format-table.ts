/**
 * The tables of formats and of the names that engines have for them, from the formats' own values. `npm run docs:formats`
 * writes them into parsers/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ENGINES, flagsOf } from '../src/detect/engines.js'
import { reasoningOf } from '../src/detect/reasoning-of.js'
import { REASONING_PARSERS } from '../src/detect/reasoning-parsers.js'
import type { Engine, FormatFlags } from '../src/engine/format.js'
import { known } from '../src/formats/unread-formats.js'
import { type Format, formats } from '../src/index.js'
import { code, table } from './markdown.js'

const OPEN = /<!-- formats:[^\n]*-->\n/
const CLOSE = '<!-- /formats -->'
const ENGINE_IDS = Object.keys(ENGINES) as Engine[]

/** What each format is, as markdown. */
export function formatTable(all: readonly Format[] = formats()): string {
  return table(
    ['format', 'on the wire', 'models', 'streams', 'reasoning'],
    all.map((format) => {
      const { id, wire, models, streams } = format
      return [code(id), code(wire), models, streams, codes(reasoningOf(format))]
    }),
  )
}

/** What engines call the parser of each format, those included that cannot be read yet. */
export function flagTable(all: readonly Format[] = formats()): string {
  const rows = all.map((format) => ({ format, name: code(format.id) }))
  const unread = known.unread.map((format) => ({ format, name: `${code(format.id)}, not read yet` }))
  return table(
    ['format', ...ENGINE_IDS.map((engine) => ENGINES[engine].title)],
    [...rows, ...unread].map(({ format, name }) => [name, ...flagCells(format.flags)]),
  )
}

/** What engines call their reasoning parsers. */
export function reasoningTable(): string {
  const engines = ENGINE_IDS.filter((engine) => ENGINES[engine].reasoning !== undefined)
  return table(
    ['reads', 'assumes the text begins', ...engines.map((engine) => ENGINES[engine].title)],
    REASONING_PARSERS.map(({ reads, begins, names }) => [
      /[<[◁]/.test(reads) ? code(reads) : reads,
      BEGINS[begins],
      ...flagCells(names, engines),
    ]),
  )
}

const BEGINS = {
  inside: 'inside',
  on: 'inside, unless the request turns thinking off',
  off: 'outside, unless the request turns thinking on',
  outside: 'outside',
  prompt: 'as the chat template says',
} as const

/** The README with the tables in their place. */
export function withTable(readme: string): string {
  const open = OPEN.exec(readme)
  const to = readme.indexOf(CLOSE)
  if (open === null || to < 0) throw new Error('parsers/README.md: the marks of the table of formats are missing')
  const from = open.index + open[0].length
  const parts = [
    formatTable(),
    'What engines call the parser of each format. `getFormat` takes every one of these names, and `callsift match` tells what\na model needs. `auto`: found by the chat template. smg: the gateway with the crates tool-parser and reasoning-parser.',
    flagTable(),
    'What engines call their reasoning parsers. `startInReasoning` says to callsift what these names say to the engine.',
    reasoningTable(),
  ]
  return `${readme.slice(0, from)}\n${parts.join('\n\n')}\n\n${readme.slice(to)}`
}

function flagCells(flags: FormatFlags, engines: readonly Engine[] = ENGINE_IDS): string[] {
  return engines.map((engine) => codes(flagsOf(flags, engine)))
}

function codes(texts: readonly string[]): string {
  return texts.map(code).join(' ')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = new URL('../parsers/README.md', import.meta.url)
  writeFileSync(file, withTable(readFileSync(file, 'utf8')))
  console.log(`parsers/README.md: ${formats().length} formats`)
}
