import type { Screen } from './screen.js'
import { clip, oneLine } from './screen-text.js'

/** A side, as its head tells it. */
export interface SideHead {
  readonly name: string
  readonly reader: string
  readonly status: string
  readonly toolCalls: readonly object[]
}

/** One difference. */
export interface Shown {
  readonly at: string
  readonly a: unknown
  readonly b: unknown
}

/**
 * Both sides and what differs, for a person.
 *
 * @example diffView([a, b], differs, screenOf(process.stdout))
 */
export function diffView(sides: readonly SideHead[], differs: readonly Shown[], screen: Screen): string {
  const { colors, columns } = screen
  const heads = sides.map(({ name, reader, status, toolCalls }, i) => {
    const calls = toolCalls.length === 1 ? '1 call' : `${toolCalls.length || 'no'} calls`
    return `${'AB'[i]}  ${clip(oneLine(`${status}, ${calls}, read by ${reader}: ${name}`), columns - 3)}`
  })
  if (differs.length === 0) return `${colors.green('same')}\n${heads.join('\n')}\n`
  const blocks = differs.flatMap(({ at, a, b }) => {
    const from = firstOther(a, b)
    const place = from === undefined ? '' : `, from character ${from}`
    const lines = [a, b].map((value, i) => `  ${'AB'[i]}  ${clip(shown(value, from), columns - 5)}`)
    return ['', colors.bold(clip(oneLine(at), columns - place.length)) + place, ...lines]
  })
  return `${[colors.red('differs'), ...heads, ...blocks].join('\n')}\n`
}

/** Characters in front of the first other one that are shown too. */
const BEFORE = 20

/** Where two long texts part. */
function firstOther(a: unknown, b: unknown): number | undefined {
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return at > BEFORE ? at : undefined
}

function shown(value: unknown, from: number | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value !== 'string') return oneLine(JSON.stringify(value))
  // No half of a pair at the edge.
  const start = from === undefined ? 0 : from - BEFORE
  const edge = value.charCodeAt(start) >>> 10 === 0x37 ? start + 1 : start
  return `${start > 0 ? '…' : ''}"${oneLine(value.slice(edge, edge + 1000))}"`
}
