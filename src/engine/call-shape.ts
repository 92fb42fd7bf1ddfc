/** The keys of a call object: `{"name": ..., "arguments": {...}}`. */
export interface CallShape {
  readonly nameKeys: readonly string[]
  /** In order of precedence, where an object has several. */
  readonly argumentKeys: readonly string[]
  /** The key that the format's own models write: its value streams. Default: the first of `argumentKeys`. */
  readonly nativeKey?: string
  readonly idKeys: readonly string[]
  /** `{"type": "function", "function": {...}}` is accepted. */
  readonly nested: boolean
  /** The object has one key, which is the name, and its value the arguments: `{"f": {"a": 1}}`. The keys above mean nothing. */
  readonly nameIsKey?: boolean
}

export const CALL_SHAPE: CallShape = {
  nameKeys: ['name'],
  argumentKeys: ['arguments', 'parameters'],
  idKeys: ['id'],
  nested: true,
}

/** The characters that may follow the brace of a call object: a quote or white space. */
export const BEFORE_KEY = '"\' \n\r\t'
/** The characters that may follow the bracket of a list of call objects. */
export const BEFORE_OBJECT = '{ \n\r\t'

/** The keys that an object without a marker may have before its arguments; any other shows that it is not a call. */
export function keysOf({ nameKeys, argumentKeys, idKeys, nested }: CallShape): string[] {
  return [...nameKeys, ...argumentKeys, ...idKeys, 'type', ...(nested ? ['function'] : [])]
}

/** A name in a call without a marker may not be longer than this. */
const LONGEST_NAME = 256

/** Is the name short enough for a call without a marker? */
export function isShort(name: string): boolean {
  return name.length <= LONGEST_NAME
}
