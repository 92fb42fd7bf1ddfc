import type { Tool } from '../tools/tools-input.js'
import { parsed } from '../values/json/parsed.js'
import type { Coercion, Misfit } from './coercion.js'
import { fitsAsRead } from './fits-as-read.js'
import { FittingWalk } from './fitting-walk.js'
import { PartSchemas } from './part-schemas.js'

export interface CoercedArguments {
  arguments: Record<string, unknown>
  argumentsText: string
  changes: Coercion[]
  misfits: Misfit[]
}

/**
 * Fits the values of a call to its tool's schema: `"10"` to `10` for an integer, `"true"` to `true`, `"['a']"` to
 * `["a"]`, `"null"` to `null` where null is taken, and `10` to `"10"` for a string. A value whose own type the schema
 * takes is never touched, nor is one whose schema says nothing; one that cannot be fitted stays and is listed. null and
 * containers become nothing else.
 *
 * Only the changed values are rewritten: every other character of the text stays, and numbers keep their digits. It never
 * throws or changes its input. Text that is not JSON stays as it is.
 * @param args the parsed `argumentsText`: handed back as it is if nothing changes
 * @param keys how many keys the text has, if they were counted: then it is read only where a value does not fit
 * @example coerceArguments({ n: '10' }, '{"n": "10"}', tool).argumentsText // '{"n": 10}'
 */
export function coerceArguments(
  args: Record<string, unknown>,
  argumentsText: string,
  tool: Tool | undefined,
  keys = 0,
): CoercedArguments {
  const unchanged = { arguments: args, argumentsText, changes: [], misfits: [] }
  const schema = tool?.parameters
  if (schema === undefined || typeof schema === 'boolean') return unchanged
  const schemas = new PartSchemas(schema)
  if (fitsAsRead(args, keys, schemas)) return unchanged
  const walk = new FittingWalk(argumentsText, schemas, [])
  if (!walk.run(schema)) return unchanged
  const { changes, misfits } = walk
  if (changes.length === 0) return { ...unchanged, misfits }
  const text = walk.rewritten()
  const fitted = parsed(text)
  return fitted === undefined
    ? unchanged
    : { arguments: fitted as Record<string, unknown>, argumentsText: text, changes, misfits }
}
