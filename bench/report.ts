import { type Floor, floorsOf, isMet, speedup } from './floors.js'
import { CEILINGS, GROWTH, type Results, type SpeedRow } from './measure.js'
import { peers } from './peers.js'
import { AMONG_OTHERS, BY_AUTO } from './subject.js'
import { MEANINGS } from './workloads.js'

/** Lists that the report shows for each format. */
const STEEPEST = 5

/** A figure with three digits that mean something. */
function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 1 ? 2 : 3)
}

function compared(row: SpeedRow, other: string): string {
  const theirs = row.ns[other]
  return typeof theirs === 'string' ? theirs : figure(speedup(row, other))
}

const COMPARED = [...CEILINGS.slice(0, 2), AMONG_OTHERS, BY_AUTO, ...Object.keys(peers)]
const HEAD = ['format', 'workload', 'feed', 'ns', 'spread', 'Mchar/s', 'ns/chunk', 'concatenate ns']
/** The columns of a row are as wide as their heads, and no row need wait for the others. */
const WIDTHS = [...[14, 9, 11].map((width) => -width), 11, 7, 8, 9, 15, ...COMPARED.map((name) => name.length + 3)]

/** What stands above the rows of speed. */
export function speedHead(): string {
  return [
    'Speed. The columns with a / say how many times the speed of another it is. Where the spread is wide, or concatenate takes',
    'longer in one row than in another like it, others used the machine.',
    columns([...HEAD, ...COMPARED.map((name) => `/ ${name}`)]),
  ].join('\n')
}

/** One task, as a line of text. */
export function speedLine(row: SpeedRow): string {
  const own = row.ns.callsift
  const least = row.ns.concatenate
  const speed =
    typeof own === 'number'
      ? [figure(own), share(row.spread.callsift), figure((row.characters * 1000) / own), figure(own / row.chunks)]
      : [String(own), '', '', '']
  const bound = typeof least === 'number' ? figure(least) : '-'
  return columns([row.format, row.workload, row.feed, ...speed, bound, ...COMPARED.map((name) => compared(row, name))])
}

function share(value: number | undefined): string {
  return value === undefined ? '-' : `${Math.round(100 * value)} %`
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, i) => {
      const width = WIDTHS[i] ?? 0
      return width < 0 ? cell.padEnd(-width) : cell.padStart(width)
    })
    .join('  ')
}

/** All figures but those of speed, which were told as they came, as lines of text. */
export function textReport(results: Results): string {
  const lines: string[] = ['']
  for (const [format, growth] of Object.entries(results.growth)) {
    const { retained = 0, allocated = 0 } = results.memory[format] ?? {}
    const cost = GROWTH.map((read) => `${figure(growth[read])} ns at ${read / 1000} KB`).join(', ')
    lines.push(`${format}: a chunk costs ${cost}`)
    lines.push(
      `  retained ${figure(retained)} bytes a character, allocated ${figure(allocated)} bytes a chunk, first delta after ${figure(results.firstDelta[format])} µs`,
    )
    const { among = 0, alone = 0, pause = 0, bytes = 0 } = results.live[format] ?? {}
    lines.push(
      `  10,000 parsers by turns: ${figure(among)} ns a chunk (one after the other ${figure(alone)}), longest pause ${figure(pause)} ms, ${figure(bytes)} bytes for a new one`,
    )
    for (const [kind, ns] of Object.entries(results.streams[format] ?? {}))
      lines.push(`  ${kind}: ${figure(ns)} ns a chunk`)
    const hostile = Object.entries(results.hostile[format] ?? {})
    const plain = results.hostile[format]?.plain?.twice ?? Number.NaN
    lines.push(
      ...table(
        hostile.map(([kind, { once, twice, whole, concatenate }]) => [
          `  ${kind}`,
          `${figure(once)} ms`,
          `twice: x ${figure(twice / once)}`,
          `/ plain ${figure(twice / plain)}`,
          `/ concatenate ${figure(twice / concatenate)}`,
          `whole ${figure(whole / concatenate)}`,
        ]),
      ),
    )
  }
  for (const [format, lists] of Object.entries(results.lists)) {
    const steepest = Object.entries(lists).sort(([, a], [, b]) => b.twice / b.once - a.twice / a.once)
    lines.push(`${format}: of ${steepest.length} lists, twice the text takes most more time in`)
    for (const [what, { once, twice }] of steepest.slice(0, STEEPEST))
      lines.push(`  x ${figure(twice / once)} (${figure(twice)} ms): ${what}`)
  }
  lines.push('', ...floorLines(floorsOf(results)))
  return lines.join('\n')
}

/** The floors, one line each. */
export function floorLines(floors: readonly Floor[], slack = 0): string[] {
  return floors.map((floor) => {
    const verdict = isMet(floor, slack) ? 'ok  ' : 'MISS'
    return `${verdict} ${floor.what}: ${figure(floor.got)} (at ${floor.bound} ${figure(floor.want)})`
  })
}

/** The table of ratios for the README. */
export function markdownReport(results: Results): string {
  const names = ['JSON.parse', 'concatenate', ...Object.keys(peers)]
  const head = `| text | fed | characters a second | ${names.map((name) => `× ${name}`).join(' | ')} |`
  const lines = [head, head.replace(/[^|]+/g, ' --- ')]
  for (const row of results.speed) {
    const own = row.ns.callsift
    if (row.format !== 'hermes' || typeof own !== 'number') continue
    const speed = `${figure((row.characters * 1000) / own)} M`
    lines.push(
      `| ${MEANINGS[row.workload]} | ${row.feed} | ${speed} | ${names.map((name) => compared(row, name)).join(' | ')} |`,
    )
  }
  lines.push(
    '',
    `Printed by \`npm run bench -- --markdown\` on Node ${process.version}. More is better; WRONG: another result; slow: given up.`,
    '',
  )
  const formats = Object.keys(results.growth)
  if (formats.length > 0) {
    lines.push(
      `| one more chunk of a string argument, after | ${GROWTH.map((read) => `${read / 1000} KB`).join(' | ')} |`,
      `| --- |${' --- |'.repeat(GROWTH.length)}`,
    )
    for (const format of formats)
      lines.push(`| ${format} | ${GROWTH.map((read) => `${figure(results.growth[format]?.[read])} ns`).join(' | ')} |`)
  }
  return lines.join('\n')
}

function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) =>
    row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
}
