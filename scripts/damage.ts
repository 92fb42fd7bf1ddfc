/**
 * Damages one piece of markup at a time in calls of every format, and tells what came of it.
 *
 *     npm run damage                           the table
 *     npm run damage -- --list FORMAT [KIND]   every bad sample of a format; KIND is `silent`, `another call`, ...
 *     npm run damage -- --json FILE            every sample that did not come out right, one JSON object a line
 *     npm run damage -- --ceilings             today's figures, as test/damage/ceilings.ts has them
 *     npm run damage -- --readme               writes the table of test/README.md anew
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { formats, getFormat } from '../src/index.js'
import { figuresOf, tableOf, tallyOf } from '../test/damage/tally.js'
import { type Judged, VERDICTS } from '../test/damage/verdict.js'

const BAD = ['markup left', 'silent', 'another call', 'quoted call']

function main(): void {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: 'string' },
      json: { type: 'string' },
      ceilings: { type: 'boolean' },
      readme: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  const [kind] = positionals
  if (kind !== undefined && kind !== 'strict' && !(VERDICTS as readonly string[]).includes(kind)) {
    console.error(`no such kind: ${kind}. Kinds are ${[...VERDICTS, 'strict'].join(', ')}`)
    process.exit(2)
  }
  const tallies = (values.list === undefined ? formats() : [getFormat(values.list)]).map(tallyOf)
  if (values.list !== undefined) {
    const [tally] = tallies
    const samples = kind === 'strict' ? tally?.strict : tally?.samples
    const wanted = kind === undefined || kind === 'strict' ? BAD.slice(kind === 'strict' ? 2 : 0) : [kind]
    for (const sample of samples ?? []) if (wanted.includes(sample.verdict)) console.log(lineOf(sample))
  }
  if (values.ceilings === true) {
    for (const tally of tallies) console.log(`  '${tally.format}': ${JSON.stringify(figuresOf(tally))},`)
  } else console.log(tableOf(tallies))
  if (values.readme === true) writeReadme(tableOf(tallies))
  if (values.json !== undefined) {
    const lines = tallies.flatMap(({ format, samples, strict }) =>
      [...samples.map((s) => [s, true] as const), ...strict.map((s) => [s, false] as const)].map(([sample, repair]) =>
        JSON.stringify({ format, repair, ...flat(sample) }),
      ),
    )
    writeFileSync(values.json, `${lines.join('\n')}\n`)
  }
}

const README = new URL('../test/README.md', import.meta.url)

function writeReadme(table: string): void {
  const text = readFileSync(README, 'utf8')
  writeFileSync(README, `${text.slice(0, text.indexOf('| format | '))}${table}\n`)
}

function flat({ shape, piece, at, way, verdict, text, result }: Judged): object {
  const { toolCalls, incomplete, content, status, notes } = result
  const shown = (calls: typeof toolCalls) => calls.map((call) => [call.name, call.arguments])
  return {
    verdict,
    shape: shape.name,
    piece,
    at,
    way,
    text,
    calls: shown(toolCalls),
    incomplete: shown(incomplete),
    repairs: toolCalls.flatMap(({ repairs }) => repairs.map(({ kind }) => kind)),
    content,
    status,
    notes: notes.map(({ code }) => code),
  }
}

/** A bad sample in a few lines: what was done, the text, and what came out. */
function lineOf(sample: Judged): string {
  const { text, calls, incomplete, repairs, content, status, notes } = flat(sample) as Record<string, unknown>
  return [
    `${sample.verdict}: ${JSON.stringify(sample.piece)} ${sample.way} (${sample.shape.name})`,
    `  text  ${JSON.stringify(text)}`,
    `  calls ${JSON.stringify(calls)} incomplete ${JSON.stringify(incomplete)} ${status}`,
    `  content ${JSON.stringify(content)} notes ${JSON.stringify(notes)} repairs ${JSON.stringify(repairs)}`,
    '',
  ].join('\n')
}

main()
