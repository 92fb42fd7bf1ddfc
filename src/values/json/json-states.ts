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
