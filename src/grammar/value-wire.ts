/** What stands before and behind a value of one type. */
export interface Frame {
  readonly before: string
  readonly behind: string
}

/** How strings are spelled: as they are, as JSON has them, or between Python's quotes. */
export type StringStyle = 'raw' | 'json' | 'python'

/** A place where a format writes a value, and how it spells values there. */
export interface Slot {
  /** The text of a value in this place. Throws a `GrammarError` for what cannot be written. */
  readonly write: (value: unknown) => string
  readonly string: Frame & { readonly style: StringStyle }
  readonly number: Frame
  /** JSON, or undefined where lists and objects are spelled in the format's own way. */
  readonly json: { readonly list: Frame; readonly object: Frame } | undefined
  readonly list: () => ListWire
  readonly object: () => ObjectWire
}

/** How a format writes a list: `open item { next item } close`. */
export interface ListWire {
  readonly open: string
  readonly next: string
  readonly close: string
  /** The list without items, if it can be written. */
  readonly empty: string | undefined
  readonly item: Slot
}

/** How a format writes an object: `open key link value behind { next key link value behind } close`. */
export interface ObjectWire {
  readonly open: string
  readonly next: string
  readonly close: string
  /** The object without members, if it can be written. */
  readonly empty: string | undefined
  /** What stands before and behind the value of a key. Throws a `GrammarError` for a key that cannot be written. */
  readonly member: (key: string) => { readonly before: string; readonly behind: string }
  readonly value: Slot
}
