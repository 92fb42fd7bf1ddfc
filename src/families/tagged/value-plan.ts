import type { Tag } from '../../text/tag.js'
import type { ValueTypes } from '../../tools/value-types.js'
import type { RawMode } from '../../values/raw/raw-argument.js'
import {
  isNullableString,
  isStringOnly,
  jsonByType,
  jsonOrString,
  type TypedValue,
  typedOrJson,
  typedValue,
} from '../../values/raw/typed.js'
import type { TaggedGrammar } from './tagged-grammar.js'

/** How a raw value is read as JSON. */
export interface ValuePlan {
  readonly mode: RawMode
  readonly convert: (raw: string, types: ValueTypes) => TypedValue
  readonly types: ValueTypes
  /** A value that does not fit is damage. */
  readonly strict: boolean
}

export const ANY: ValueTypes = new Set()
/** Of a value that is left out. */
export const DROPPED: ValuePlan = { mode: 'dropped', convert: typedValue, types: ANY, strict: false }

/**
 * How a value is read: by the types that the schema allows, and in formats that write an attribute, by what that says.
 * @param written what the attribute of the tag says; undefined where it is missing
 * @example planValue('attribute', 'text', new Set()).mode // 'text': the value streams as a string
 */
export function planValue(typing: TaggedGrammar['typing'], written: Tag['value'], types: ValueTypes): ValuePlan {
  if (typing === 'json' && types.size === 0) return { mode: 'whole', convert: jsonOrString, types, strict: false }
  if (typing !== 'attribute') {
    const mode = isStringOnly(types) ? 'text' : isNullableString(types) ? 'nullable' : 'whole'
    const isJson = typing === 'json'
    return { mode, convert: isJson ? jsonByType : typedValue, types, strict: isJson }
  }
  if (written === 'text') return { mode: 'text', convert: typedValue, types, strict: false }
  if (written === 'json') return { mode: 'whole', convert: jsonOrString, types, strict: true }
  const isText = types.size > 0 && isStringOnly(types)
  return { mode: isText ? 'text' : 'whole', convert: typedOrJson, types, strict: false }
}

const TYPES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null']

/** The type that an attribute names, as `type="string"` does; none for any other word. */
export function typesNamed(type: string): ValueTypes {
  return (TYPES.includes(type) ? new Set([type]) : ANY) as ValueTypes
}
