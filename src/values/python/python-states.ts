// What the reader of a Python value expects next.
export const VALUE = 0
export const ITEM = 1 // or the closer
export const KEY = 2 // or the closer
export const COLON = 3
export const DELIMITER = 4
export const STRING = 5
export const MORE_STRING = 6 // behind a closing quote: 'a' 'b' is one string
export const TOKEN = 7
export const DONE = 8
export const BAD = 9

export type State =
  | typeof VALUE
  | typeof ITEM
  | typeof KEY
  | typeof COLON
  | typeof DELIMITER
  | typeof STRING
  | typeof MORE_STRING
  | typeof TOKEN
  | typeof DONE
  | typeof BAD
