import { FORMAT_ID, isFormatId } from '../formats/define-format.js'
import { checkValue } from '../tools/check-value.js'
import { isObject } from '../tools/is-object.js'
import { DescriptionError, wrongField } from './description-error.js'
import schema from './format.schema.json'
import type { FormatDescription } from './format-description.js'

/** So many fields are told of at once. */
const MOST = 5
const NOT_MORE = 400

/**
 * Checks what was read from a file, or made by a program.
 * @throws DescriptionError naming each field that is wrong, and what is expected there
 */
export function checkDescription(value: unknown): asserts value is FormatDescription {
  if (!isObject(value)) throw wrongField('the description of a format', 'an object', value)
  const { version } = value
  if (version !== undefined && version !== 1)
    throw wrongField('version', '1, the only one that this callsift reads', version)
  const issues = checkValue(value, schema)
  if (issues.length > 0) {
    const told = issues.slice(0, MOST).map(({ message }) => message)
    const more = issues.length > MOST ? [`and ${issues.length - MOST} more`] : []
    throw new DescriptionError([...told, ...more].join('; '))
  }
  const { id, modelPatterns = [], ids } = value as unknown as FormatDescription
  if (!isFormatId(id)) throw wrongField('id', FORMAT_ID, id)
  for (const [i, source] of modelPatterns.entries())
    if (modelPattern(source) === undefined) throw wrongField(`modelPatterns[${i}]`, 'a regular expression', source)
  const { form = '{index}', length } = ids ?? {}
  if (!form.includes('{index}') && !form.includes('{name}')) throw wrongField('ids.form', 'a text with {index}', form)
  if (length !== undefined && !(Number.isInteger(length) && length > 0 && length <= NOT_MORE))
    throw wrongField('ids.length', `a whole number from 1 to ${NOT_MORE}`, length)
}

/** The pattern of names of models that a description has; undefined for what is none. Its author answers for its time. */
export function modelPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'i')
  } catch {
    return undefined
  }
}
