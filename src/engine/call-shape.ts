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
}

export const CALL_SHAPE: CallShape = {
  nameKeys: ['name'],
  argumentKeys: ['arguments', 'parameters'],
  idKeys: ['id'],
  nested: true,
}

/** What may stand behind the brace of a call object: a quote or white space. */
export const BEFORE_KEY = '"\' \n\r\t'
/** What may stand behind the bracket of a list of them. */
export const BEFORE_OBJECT = '{ \n\r\t'

/** Without a marker, nothing but the whole shape of a call will do: these keys, and no other before the arguments. */
export function keysOf({ nameKeys, argumentKeys, idKeys, nested }: CallShape): string[] {
  return [...nameKeys, ...argumentKeys, ...idKeys, 'type', ...(nested ? ['function'] : [])]
}

/** Without a marker, and without tools, no name is longer than this. */
const LONGEST_NAME = 256

/** May a name without a marker begin like this, whatever the tools are? */
export function isShort(name: string): boolean {
  return name.length <= LONGEST_NAME
}
