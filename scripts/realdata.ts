/**
 * Measures the formats on real completions that lie beside the project (never part of it): how many calls of an
 * independent oracle come out exactly, whole and one character at a time.
 */
import { existsSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { createParser, collect, formats, type ParseResult } from '../src/index.js'

interface OracleCall {
  name: string
  arguments: unknown
}
interface Row {
  id: string
  completion: string
  calls?: OracleCall[]
  oracle?: string
  undecided?: string[]
}
interface DataSet {
  file: string
  format: string
  /** The oracle's calls, or undefined where it decided nothing. */
  certain(row: Row): OracleCall[] | undefined
  undecided(row: Row): number
}

const SETS: DataSet[] = [
  {
    file: 'hermes.jsonl',
    format: 'hermes',
    certain: (row) => row.calls ?? [],
    undecided: (row) => row.undecided?.length ?? 0,
  },
  {
    file: 'pythonic.jsonl',
    format: 'pythonic',
    certain: (row) => (row.oracle === 'exact' ? row.calls : undefined),
    undecided: () => 0,
  },
]

const verbose = process.argv.includes('--verbose')
const data = new URL('../../shared/realdata/', import.meta.url)
if (!existsSync(data)) {
  console.log('skipped: the real completions are not on this machine (expected in ../shared/realdata)')
  process.exit(0)
}

let wrong = 0
const known = new Set(formats().map(({ id }) => id))
for (const set of SETS.filter(({ format }) => known.has(format))) {
  const rows = readFileSync(new URL(set.file, data), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
  for (const feed of ['whole', 'one character at a time'] as const) {
    const score = { rows: 0, exact: 0, missed: 0, extra: 0, undecided: 0 }
    for (const row of rows) {
      const expected = set.certain(row)
      if (expected === undefined) continue
      score.rows++
      const undecided = set.undecided(row)
      score.undecided += undecided
      const left = run(row.completion, set.format, feed).toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))
      for (const call of expected) {
        const i = left.findIndex((got) => got.name === call.name && isDeepStrictEqual(got.arguments, call.arguments))
        if (i < 0) {
          score.missed++
          if (verbose) console.log(`missed ${row.id}: ${JSON.stringify(call)}\n  in ${JSON.stringify(row.completion)}`)
        } else {
          score.exact++
          left.splice(i, 1)
        }
      }
      // A block that the oracle left open may be a call or not.
      const extra = Math.max(0, left.length - undecided)
      score.extra += extra
      if (verbose && left.length > 0) console.log(`extra ${row.id} (${undecided} undecided): ${JSON.stringify(left)}\n  in ${JSON.stringify(row.completion)}`)
    }
    wrong += score.missed + score.extra
    const { rows: texts, exact, missed, extra, undecided } = score
    console.log(`${set.file} as ${set.format}, ${feed}: ${texts} texts, ${exact} calls exact, ${missed} missed, ${extra} extra, ${undecided} undecided by the oracle`)
  }
}
process.exit(wrong > 0 ? 1 : 0)

function run(text: string, format: string, feed: string): ParseResult {
  const parser = createParser({ format })
  const events = []
  if (feed === 'whole') events.push(...parser.push(text))
  else for (let i = 0; i < text.length; i++) events.push(...parser.push(text[i] as string))
  return collect([...events, ...parser.end()])
}
