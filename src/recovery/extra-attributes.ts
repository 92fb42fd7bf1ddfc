import type { Reading } from '../engine/reading.js'
import { isArgumentKey } from '../fitting/argument-members.js'
import { declaredOf } from '../tools/declared.js'

/** The attributes in a tag that mean nothing to the format, by index from the start of the tag; both are 0 if there are none. */
export interface ExtraAttributes {
  readonly extraFrom: number
  readonly extraTo: number
}

const ATTRIBUTE = /([\w:.-]{1,128})\s{0,8}=/g
/** The own attribute of a tag: among others it stands a second time. */
const NAME = 'name'
const NONE: readonly string[] = []

/**
 * Tells of attributes in the tag at the cursor that mean nothing to the format: `<invoke name="f" id="1">`.
 * @returns their names
 */
export function noteExtra({ cursor, out }: Reading, { extraFrom, extraTo }: ExtraAttributes): readonly string[] {
  if (extraTo === 0) return NONE
  const at = cursor.offset
  const attributes = cursor.window.slice(cursor.at + extraFrom, cursor.at + extraTo)
  out.note('unknown-member', `${attributes} in a tag means nothing and was left out`, at + extraFrom, at + extraTo)
  return Array.from(attributes.matchAll(ATTRIBUTE), ([, name = '']) => name)
}

/**
 * Tells of them in the tag of a call, at the cursor. What holds arguments is not left out of a call that is complete:
 * `<invoke name="f" city="Oslo">`.
 * @returns what is wrong with the call; empty if nothing is
 */
export function noteExtraOfCall(reading: Reading, tag: ExtraAttributes, call: string): string {
  const names = noteExtra(reading, tag)
  if (names.length === 0) return ''
  if (names.includes(NAME)) return 'its tag has two names'
  const properties = declaredOf(reading.out.tools, call)?.properties
  const argument = names.find((name) => properties?.has(name) || isArgumentKey(name, NONE))
  return argument === undefined ? '' : `the attribute ${argument} of its tag holds arguments`
}
