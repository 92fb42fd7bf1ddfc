import type { CallIssue } from '../event/event.js'
import { pathText } from './path.js'

export type { CallIssue }

/** Makes an issue at `path`; `received` describes `value`. */
export function issueAt(path: readonly PropertyKey[], expected: string, value: unknown, message?: string): CallIssue {
  const place = pathText(path)
  const received = describe(value)
  return {
    path: place,
    expected,
    received,
    message: message ?? `${place || 'arguments'}: expected ${expected}, received ${received}`,
  }
}

/** A value in a few words, for people: a scalar as it is, a container by its kind. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'object' && value !== null) return 'object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/**
 * The path to a value, linked from its last key to its first, so that deep values share the beginnings of their paths.
 */
export interface Path {
  readonly parent: Path | undefined
  readonly key: PropertyKey
  readonly depth: number
}

/** The path to the member `key` of the value at `parent`. */
export function stepTo(parent: Path | undefined, key: PropertyKey): Path {
  return { parent, key, depth: (parent?.depth ?? 0) + 1 }
}

/** The keys of a path, from the outside in. */
export function keysOf(path: Path | undefined): PropertyKey[] {
  const keys: PropertyKey[] = []
  for (let step = path; step !== undefined; step = step.parent) keys.push(step.key)
  return keys.reverse()
}

/** Makes an issue for a path. */
export function objection(path: Path | undefined, expected: string, value: unknown): CallIssue {
  return issueAt(keysOf(path), expected, value)
}
