import type { RepairKind } from './repair-kinds.js'

/**
 * Repairs that moved, renamed, bounded or left out a part of the arguments, and did not only spell it: behind one of them
 * the schema is asked whether the call is still one. (A list of its own, so that the core does not carry what the table of
 * repairs says of each.)
 */
export const MOVING_REPAIRS: ReadonlySet<string> = new Set<RepairKind>([
  'argument-key',
  'flat-arguments',
  'argument-beside',
  'wrapped-arguments',
  'missing-closer',
  'swallowed-name',
  'mended-payload',
  'unescaped-quotes',
])
