/** A name that was written into the arguments of a call, their text without it, and whether it was the last member. */
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
  const members = membersOf(json)
  const at = members.findIndex((member) => member.trimStart().startsWith('"name"'))
  const { name } = at < 0 ? {} : (JSON.parse(`{${members[at]}}`) as { name?: unknown })
  if (typeof name !== 'string' || name === '') return undefined
  const isLast = at === members.length - 1
  members.splice(at, 1)
  return { name, rest: `{${members.join(',').trimStart()}}`, isLast }
}

/** The members of a JSON object as they are written: a number that is parsed may lose digits. */
function membersOf(json: string): string[] {
  const members: string[] = []
  let from = 1
  let depth = 0
  let quoted = false
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i)
    if (code === 0x22) quoted = !quoted
    else if (quoted) i += Number(code === 0x5c)
    else if (code === 0x7b || code === 0x5b) depth++
    else if (code === 0x2c ? depth === 1 : (code === 0x7d || code === 0x5d) && --depth === 0) {
      members.push(json.slice(from, i))
      from = i + 1
    }
  }
  return members
}
