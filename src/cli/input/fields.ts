/** JSON that somebody else wrote, with its fields to be looked at one by one. */
export type Fields = Record<string, unknown>

/** A text as a JSON object; undefined if it is none. */
export function parseObject(text: string): Fields | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** A value as an object that is no array; undefined if it is none. */
export function asObject(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** A string that is not empty; undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The objects of a list; nothing for what is no list. */
export function objectsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asObject).filter((entry) => entry !== undefined) : []
}
