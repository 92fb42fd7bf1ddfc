/**
 * What becomes of chat templates, as a table: which known format each is, and what is derived of it without known formats.
 *
 *     npm run derive:templates
 *     npm run derive:templates -- --cut-every 1 some/folder tokenizer_config.json
 *
 * Folders are searched for `*.jinja`, tokenizer_config.json and chat_template.json. Without any: those of this repository and of
 * `npm run templates`.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { readTemplate } from '../src/cli/input/read-template.js'
import { type Derivation, DerivationError, formatFromTemplate } from '../src/derive/derive.js'
import type { Format } from '../src/engine/format.js'
import { code, table } from './markdown.js'

const DEFAULTS = ['../fixtures/templates', '../.templates'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
const TEMPLATE = /(?:\.jinja2?|[\\/](?:tokenizer_config|chat_template)\.json)$/

/** What came of one template: a format, or why there is none. */
type Outcome = Derivation | { readonly none: string }

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names
    .map((name) => join(path, name))
    .filter((file) => TEMPLATE.test(file))
    .sort()
}

/** Files of a config are called after the folder that holds them. */
function nameOf(file: string): string {
  return file.endsWith('.json') ? basename(dirname(file)) : basename(file).replace(/\.jinja2?$/, '')
}

async function outcome(file: string, cutEvery: number, formats?: readonly Format[]): Promise<Outcome> {
  try {
    const { template, tokens = {} } = await readTemplate(file)
    return formatFromTemplate(template, { context: tokens, cutEvery, formats })
  } catch (error) {
    const { message } = error as Error
    if (!(error instanceof DerivationError)) return { none: message.slice(0, 80) }
    if (message.startsWith('the template writes no calls')) return { none: 'writes no calls' }
    return { none: /could not be read safely|cannot be read/.exec(message)?.[0] ?? 'of no family' }
  }
}

const isNew = ({ nearest }: Derivation) => `of its own${nearest === undefined ? '' : `, near ${code(nearest)}`}`

function rowOf(file: string, any: Outcome, own: Outcome): string[] {
  const is = 'none' in any ? any.none : any.known === undefined ? isNew(any) : code(any.known)
  if ('none' in own) return [nameOf(file), is, own.none === 'writes no calls' ? '' : `none: ${own.none}`, '', '']
  const { tried, description } = own
  const families = [...new Set(description?.calls.map(({ family }) => code(family)))].join(', ')
  const turns = tried.right.length + tried.wrong.length
  const read = tried.wrong.length === 0 ? `all ${turns} turns` : `${tried.right.length} of ${turns} turns`
  const damage = `${tried.madeUp} of ${tried.damaged}`
  return [nameOf(file), is, `${families}, ${read}`, tried.wrong.join(', '), damage]
}

/** The table for these files, and a line of totals below it. */
async function templateTable(files: readonly string[], cutEvery: number): Promise<string> {
  const rows: string[][] = []
  const totals = { calls: 0, known: 0, own: 0, whole: 0, cuts: 0, cutWrong: 0, damaged: 0, madeUp: 0 }
  for (const file of files) {
    const any = await outcome(file, cutEvery)
    const own = await outcome(file, cutEvery, [])
    rows.push(rowOf(file, any, own))
    if (!('none' in any) || any.none !== 'writes no calls') totals.calls++
    if (!('none' in any) && any.known !== undefined) totals.known++
    if ('none' in own) continue
    const { right, wrong, chunkings, otherwiseChunked, damaged, madeUp } = own.tried
    totals.own += Number(right.length > 0)
    totals.whole += Number(wrong.length === 0)
    totals.cuts += chunkings
    totals.cutWrong += otherwiseChunked
    totals.damaged += damaged
    totals.madeUp += madeUp
  }
  const { calls, known, own, whole, cuts, cutWrong, damaged, madeUp } = totals
  return `${table(['template', 'is', 'derived by itself', 'turns missed', 'calls made up of damaged texts'], rows)}

${files.length} templates, ${calls} that write calls: ${known} are a known format; of ${own} a format of its own was derived, which reads every
turn of ${whole}. Cut into chunks in ${cuts} ways, ${cutWrong} read otherwise; ${damaged} damaged texts, ${madeUp} with a call that was never made.`
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'cut-every': { type: 'string', default: '8' } },
  })
  const paths = positionals.length > 0 ? positionals : DEFAULTS.filter((path) => existsSync(path))
  console.log(await templateTable(paths.flatMap(filesIn), Number(values['cut-every'])))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
