import { ARRAY, OBJECT } from './json-characters.js'

// What a reader of JSON expects next. Where the number is odd, a closer may stand instead.
export const VALUE = 0
export const VALUE_OR_CLOSE = 1
export const KEY = 2
export const KEY_OR_CLOSE = 3
export const COLON = 4
export const COMMA_OR_CLOSE = 5
export const STRING = 6
export const WORD = 7
export const DONE = 8
export const BAD = 9

export type State =
  | typeof VALUE
  | typeof VALUE_OR_CLOSE
  | typeof KEY
  | typeof KEY_OR_CLOSE
  | typeof COLON
  | typeof COMMA_OR_CLOSE
  | typeof STRING
  | typeof WORD
  | typeof DONE
  | typeof BAD

/** What each state expects, for messages. */
export const EXPECTED = [
  'a value',
  'a value or `]`',
  'a key',
  'a key or `}`',
  '`:`',
  '`,` or a closing bracket',
  'more of the string',
  'a value',
]

/** The closers of the containers in which reading may start. */
export const JSON_CLOSERS = { object: OBJECT, array: ARRAY } as const

/** Where reading may start: at a value, or inside an object that another reader found to be plain data. */
export type JsonStart = 'value' | 'key' | 'after-key' | 'after-value'

export const STARTS = { value: VALUE, key: KEY, 'after-key': COLON, 'after-value': COMMA_OR_CLOSE } as const
