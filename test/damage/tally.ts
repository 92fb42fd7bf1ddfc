import type { Format } from '../../src/index.js'
import { matrixOf } from './matrix.js'
import { type Judged, judge, VERDICTS, type Verdict } from './verdict.js'

/** The matrix of one format, judged. */
export interface FormatTally {
  readonly format: string
  readonly samples: readonly Judged[]
  /** The same texts with `repair: false`. */
  readonly strict: readonly Judged[]
}

export function tallyOf(format: Format): FormatTally {
  const matrix = matrixOf(format)
  const judged = (repair: boolean) => matrix.flatMap((damaged) => judge(format, damaged, repair) ?? [])
  return { format: format.id, samples: judged(true), strict: judged(false) }
}

export function count(samples: readonly Judged[], ...verdicts: Verdict[]): number {
  return samples.filter(({ verdict }) => verdicts.includes(verdict)).length
}

/** What must not get worse. */
export interface Figures {
  readonly anotherOrSilent: number
  readonly quoted: number
  readonly markupLeft: number
  /** Another call or the quoted one with `repair: false`. */
  readonly strictAnother: number
}

export function figuresOf({ samples, strict }: FormatTally): Figures {
  return {
    anotherOrSilent: count(samples, 'another call', 'silent'),
    quoted: count(samples, 'quoted call'),
    markupLeft: count(samples, 'markup left'),
    strictAnother: count(strict, 'another call', 'quoted call'),
  }
}

/** The figures as a Markdown table, one line a format and one over all. */
export function tableOf(tallies: readonly FormatTally[]): string {
  const rows = tallies.map((tally) => rowOf(tally.format, tally.samples, tally.strict))
  const all = rowOf(
    'all',
    tallies.flatMap(({ samples }) => samples),
    tallies.flatMap(({ strict }) => strict),
  )
  const head = ['format', 'texts', ...VERDICTS, 'another call, `repair: false`']
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows, all]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function rowOf(name: string, samples: readonly Judged[], strict: readonly Judged[]): string[] {
  const counts = VERDICTS.map((verdict) => String(count(samples, verdict)))
  return [name, String(samples.length), ...counts, String(count(strict, 'another call', 'quoted call'))]
}
