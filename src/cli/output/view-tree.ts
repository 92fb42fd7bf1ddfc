import type { Screen } from './screen.js'
import { clip, columnsOf, oneLine } from './screen-text.js'

/** A tree is shown to this depth, and so many members at each level; `--to json` has the rest. */
const DEEPEST = 4
const MOST_MEMBERS = 16

/**
 * The arguments of a call as a tree, a line for each value; long values are cut, with their length behind them.
 * @example treeOf({ path: 'a', size: { w: 1 } }, screen) // ['├ path: "a"', '└ size', '  └ w: 1']
 */
export function treeOf(value: Readonly<Record<string, unknown>>, screen: Screen): string[] {
  const lines = branches(Object.entries(value), '', 0, screen)
  return lines.length > 0 ? lines : [`${screen.colors.dim('└')} no arguments`]
}

function branches(members: [string, unknown][], indent: string, depth: number, screen: Screen): string[] {
  const { dim } = screen.colors
  const shown = members.length > MOST_MEMBERS + 1 ? members.slice(0, MOST_MEMBERS) : members
  const lines = shown.flatMap(([key, value], i) => {
    const last = i === members.length - 1
    const head = `${indent}${last ? '└' : '├'} `
    return branch(head, `${indent}${last ? ' ' : '│'} `, clip(oneLine(key), 32), value, depth, screen)
  })
  if (shown.length < members.length) lines.push(dim(`${indent}└ … ${members.length - shown.length} more`))
  return lines
}

function branch(head: string, indent: string, key: string, value: unknown, depth: number, screen: Screen): string[] {
  const { cyan, dim } = screen.colors
  const room = screen.columns - 2 - columnsOf(head) - columnsOf(key) - 2
  const short = JSON.stringify(value)
  const isTree = typeof value === 'object' && value !== null && short !== '{}' && short !== '[]'
  // What fits on its line stands on its line.
  if (!isTree || columnsOf(short) <= room || depth >= DEEPEST) {
    return [`${dim(head)}${cyan(key)}: ${leaf(value, short, Math.max(16, room), screen)}`]
  }
  const members: [string, unknown][] = Object.entries(value)
  return [`${dim(head)}${cyan(key)}`, ...branches(members, indent, depth + 1, screen)]
}

function leaf(value: unknown, short: string, room: number, { colors }: Screen): string {
  const text = oneLine(short)
  if (columnsOf(text) <= room) return text
  const size = typeof value === 'string' ? `${value.length} characters` : `${short.length} characters of JSON`
  return `${clip(text, Math.max(8, room - size.length - 3))} ${colors.dim(`(${size})`)}`
}
