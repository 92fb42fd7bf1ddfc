import type { Derivation } from '../../derive/derive.js'
import { type Fact, factLines } from './facts.js'
import { screenOf } from './screen.js'
import { oneLine, quoted } from './screen-text.js'

/** What was found out from a template, for people: the call, each field with its reason, and what to do next. */
export function derivedPage(file: string, derivation: Derivation, out: string | undefined): string {
  const { format, known, nearest, description, example, why, confidence, tried, notes, reasons } = derivation
  const { columns, colors } = screenOf(process.stdout)
  const { right, wrong, chunkings, otherwiseChunked, damaged, madeUp } = tried
  const turns = right.length + wrong.length
  const facts: Fact[] = [
    ['a call', oneLine(JSON.stringify(example.trim()))],
    ['is', known === undefined ? `a format of its own; ${why}` : why],
    ['nearest', known === undefined ? (nearest ?? 'none of the known formats') : ''],
    [
      'tried',
      `${right.length} of ${turns} turns read exactly; ${chunkings} ways to cut them into chunks, ${otherwiseChunked} read differently; ${damaged} damaged texts, ${madeUp} with an invented call`,
    ],
    ['wrong', wrong.join(', ')],
    ['confidence', String(confidence)],
    ...notes.map((note): Fact => ['careful', oneLine(note)]),
  ]
  const found = Object.entries(reasons).map(
    ([path, { reason, confidence: sure }]): Fact => [
      path,
      `${shown(description, path)}: ${reason}${sure === 1 ? '' : ` (${sure})`}`,
    ],
  )
  const stored = out ?? 'my-format.json'
  const next =
    known === undefined
      ? [
          ...(out === undefined ? [`  callsift match --derive ${file} --out ${stored}`] : []),
          `  callsift parse FILE --format-file ${stored}`,
        ]
      : [`  callsift parse FILE -f ${known}`]
  const lines = [
    colors.bold(format.id),
    ...factLines(facts, columns),
    ...(found.length === 0 ? [] : [colors.bold('what was found'), ...factLines(found, columns)]),
    colors.bold('what to do next'),
    ...next,
  ]
  return `${lines.join('\n')}\n`
}

/** A field by its path, as `calls[0].call`, in short. */
function shown(description: unknown, path: string): string {
  let value = description
  for (const key of path.split(/[.[\]]{1,2}/))
    if (key !== '') value = (value as Record<string, unknown> | undefined)?.[key]
  const { open, close, family } = (value ?? {}) as { open?: string; close?: string; family?: string }
  if (family !== undefined) return family
  if (open !== undefined) return `${quoted(open)} … ${quoted(close ?? '')}`
  return oneLine(JSON.stringify(value) ?? '')
}
