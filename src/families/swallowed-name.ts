/** A name that stands in the arguments of a call, the text of the arguments without it, and whether it came last. */
export interface SwallowedName {
  readonly name: string
  readonly rest: string
  readonly isLast: boolean
}

/**
 * The `name` in the JSON text of arguments, where a brace before it is missing, or where the model was shown to put it.
 * @example swallowedName('{"a": 1, "name": "f"}') // { name: 'f', rest: '{"a": 1}', isLast: true }
 */
export function swallowedName(json: string): SwallowedName | undefined {
  const members = Object.entries(JSON.parse(json) as object)
  const at = members.findIndex(([key]) => key === 'name')
  const name: unknown = members[at]?.[1]
  if (typeof name !== 'string' || name === '') return undefined
  const isLast = at === members.length - 1
  members.splice(at, 1)
  const rest = members.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return { name, rest: `{${rest.join(', ')}}`, isLast }
}
