/**
 * Measures the formats on real completions that lie beside the project (never part of it): how many calls of an
 * independent oracle come out exactly, whole and one character at a time.
 */
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { collect, createParser, formats, type ParseResult } from '../src/index.js'

interface OracleCall {
  name: string
  arguments: unknown
}
interface Row {
  id: string
  completion: string
  calls?: OracleCall[]
  oracle?: string
  shape?: string
  value?: { tool_calls?: OracleCall[] }
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
    certain: (row) => (row.oracle === 'exact' ? row.calls?.filter((call) => !hasPlaceholder(call, row)) : undefined),
    undecided: () => 0,
  },
  {
    // {"tool_calls": [{"name": ..., "arguments": {...}}]} with no marker
    file: 'xlam.jsonl',
    format: 'deepseek-json',
    certain: (row) => (row.shape === 'tool_calls[n]' ? row.value?.tool_calls : undefined),
    undecided: () => 0,
  },
]

/** The oracle prints Python's `...` as the word "Ellipsis". It is a placeholder, no value: such a call is refused. */
function hasPlaceholder(call: OracleCall, row: Row): boolean {
  return row.completion.includes('...') && JSON.stringify(call.arguments).includes('"Ellipsis"')
}

const DATA = new URL('../../shared/realdata/', import.meta.url)

export type Feed = 'whole' | 'one character at a time'

export interface Score {
  file: string
  format: string
  feed: Feed
  texts: number
  exact: number
  missed: number
  extra: number
  undecided: number
  /** What was missed or came too much, with its text. */
  findings: string[]
}

export const hasRealData = existsSync(DATA)

/** Reads every real completion of every set in one way and scores the calls against the oracle's. */
export function measure(feed: Feed): Score[] {
  const known = new Set(formats().map(({ id }) => id))
  return SETS.filter(({ format }) => known.has(format)).map((set) => measureSet(set, feed))
}

function measureSet(set: DataSet, feed: Feed): Score {
  const { file, format } = set
  const score: Score = { file, format, feed, texts: 0, exact: 0, missed: 0, extra: 0, undecided: 0, findings: [] }
  for (const line of readFileSync(new URL(file, DATA), 'utf8').split('\n')) {
    if (line === '') continue
    const row = JSON.parse(line) as Row
    const expected = set.certain(row)
    if (expected === undefined) continue
    score.texts++
    addRow(score, row, expected, set.undecided(row))
  }
  return score
}

function addRow(score: Score, row: Row, expected: readonly OracleCall[], undecided: number): void {
  score.undecided += undecided
  const left = read(row.completion, score).toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))
  for (const call of expected) {
    const i = left.findIndex((got) => got.name === call.name && isDeepStrictEqual(got.arguments, call.arguments))
    if (i < 0) {
      score.missed++
      score.findings.push(`missed ${row.id}: ${JSON.stringify(call)}\n  in ${JSON.stringify(row.completion)}`)
    } else {
      score.exact++
      left.splice(i, 1)
    }
  }
  // A block that the oracle left open may be a call or not.
  if (left.length > undecided) {
    score.extra += left.length - undecided
    score.findings.push(
      `extra ${row.id} (${undecided} undecided): ${JSON.stringify(left)}\n  in ${JSON.stringify(row.completion)}`,
    )
  }
}

function read(text: string, { format, feed }: Score): ParseResult {
  const parser = createParser({ format })
  const events = []
  if (feed === 'whole') events.push(...parser.push(text))
  else for (let i = 0; i < text.length; i++) events.push(...parser.push(text[i] as string))
  return collect([...events, ...parser.end()])
}

function main(): number {
  if (!hasRealData) {
    console.log('skipped: the real completions are not on this machine (expected in ../shared/realdata)')
    return 0
  }
  let wrong = 0
  for (const feed of ['whole', 'one character at a time'] as const) {
    for (const { file, format, texts, exact, missed, extra, undecided, findings } of measure(feed)) {
      wrong += missed + extra
      console.log(
        `${file} as ${format}, ${feed}: ${texts} texts, ${exact} calls exact, ${missed} missed, ${extra} extra, ${undecided} undecided by the oracle`,
      )
      if (process.argv.includes('--verbose')) for (const finding of findings) console.log(finding)
    }
  }
  return wrong > 0 ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main()
