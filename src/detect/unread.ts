import type { Format, FormatFlags } from '../engine/format.js'

/** A wire format that is known by name and by its marks, and cannot be read yet. */
export interface UnreadFormat extends Pick<Format, 'id' | 'aliases' | 'wire' | 'models' | 'modelPatterns' | 'flags'> {
  /** What engines call its reasoning parser. */
  readonly reasoning?: FormatFlags
  /** Text that only its calls hold, with what has to stand behind it where other text may begin alike. */
  readonly markers: readonly string[]
  /** Its calls have no mark: the name of a tool on a line, and an object on the next. */
  readonly isNameLine?: boolean
}

/** A name that an engine takes where it takes the name of a parser, and that stands for no one format. */
export interface NoFormat {
  readonly names: readonly string[]
  /** What the engines do for it. */
  readonly means: string
  readonly instead: string
}

/** What is known beside the formats that can be read. */
export interface Known {
  readonly unread: readonly UnreadFormat[]
  readonly noFormats: readonly NoFormat[]
}

/** Its id and all its other names. */
export function namesOf({ id, aliases, flags }: Pick<Format, 'id' | 'aliases' | 'flags'>): string[] {
  return [id, ...aliases, ...Object.values(flags).flat()].filter((name) => name !== 'auto')
}

/** What was found in a text, and what is to be said of it. Offsets are UTF-16 units. */
export interface Place {
  readonly from: number
  readonly to: number
  readonly message: string
}
