import type { RepairKind } from './repair-kinds.js'

/**
 * Repairs that moved, renamed, bounded or left out a part of the arguments, rather than respelling it. A call with one
 * of them is checked against its schema before it counts as complete. (This list is separate from the table of repairs,
 * so that the core does not carry the table's texts.)
 */
export const MOVING_REPAIRS: ReadonlySet<string> = new Set<RepairKind>([
  'name-key',
  'argument-key',
  'flat-arguments',
  'argument-beside',
  'wrapped-arguments',
  'missing-closer',
  'swallowed-name',
  'mended-payload',
  'unescaped-quotes',
])
