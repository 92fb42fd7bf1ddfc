import { PatternError } from './pattern/pattern-node.js'
import { compile, type Program } from './pattern/program.js'

/** Ends the reading of a template, with the place of what is wrong in it: `fields.tool_calls.open_pattern`. */
export function wrong(place: string, what: string): never {
  throw new TypeError(`${place}: ${what}`)
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'text' : typeof value === 'object' ? 'an object' : `${typeof value}`
}

/** The program of a pattern. Its faults name the place of the pattern, and that in the pattern. */
export function readPatternAt(pattern: unknown, place: string): Program {
  if (typeof pattern !== 'string') wrong(place, `expected a pattern, got ${kindOf(pattern)}`)
  try {
    return compile(pattern)
  } catch (error) {
    if (error instanceof PatternError) wrong(place, `${error.message}, in ${JSON.stringify(pattern)}`)
    throw error
  }
}

/** Ends the reading of a region whose text is not what its template says. */
export class ContentFault extends Error {
  override name = 'ContentFault'
}

export function fault(why: string): never {
  throw new ContentFault(why)
}
