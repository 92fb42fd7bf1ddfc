/** Instead of a code point: there is none, since the text ends or begins here. */
export const NONE = -1

/** Classes of characters that an escape names, as Python's `regex` has them for text. */
const CLASSES: Readonly<Record<string, RegExp>> = {
  d: /\p{Nd}/u,
  s: /\p{White_Space}/u,
  w: /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u,
}

/** A set of characters of a pattern: `[^>\n]`, `\w`, `.`, or a single one. */
export class CharacterSet {
  /** By ASCII code: 1 for a member. */
  private readonly ascii = new Uint8Array(128)

  /**
   * @param ranges pairs of first and last code point
   * @param classes names of classes: `w`, or in capitals for all that is not in the class: `W`
   */
  constructor(
    readonly ranges: readonly (readonly [number, number])[],
    readonly classes: readonly string[] = [],
    readonly isNegated = false,
  ) {
    for (let code = 0; code < 128; code++) this.ascii[code] = this.finds(code) ? 1 : 0
  }

  /** The set of one character. */
  static of(code: number): CharacterSet {
    return new CharacterSet([[code, code]])
  }

  /** The character itself, where the set is of one: `a`. */
  get single(): string | undefined {
    const [range] = this.ranges
    const isOne = this.ranges.length === 1 && this.classes.length === 0 && !this.isNegated
    return isOne && range !== undefined && range[0] === range[1] ? String.fromCodePoint(range[0]) : undefined
  }

  /** Nothing but white space. */
  get isSpace(): boolean {
    if (this.isNegated || (this.ranges.length === 0 && this.classes.length === 0)) return false
    const isBlank = (code: number) => String.fromCodePoint(code).trim() === ''
    return this.classes.every((name) => name === 's') && this.ranges.every(([from, to]) => from === to && isBlank(from))
  }

  has(code: number): boolean {
    if (code < 128) return code >= 0 && this.ascii[code] === 1
    return this.finds(code)
  }

  private finds(code: number): boolean {
    const isMember =
      this.ranges.some(([from, to]) => code >= from && code <= to) || this.classes.some((name) => isIn(name, code))
    return isMember !== this.isNegated
  }
}

/** Is the code point in the class of that name? */
export function isIn(name: string, code: number): boolean {
  const found = CLASSES[name.toLowerCase()]?.test(String.fromCodePoint(code)) === true
  return found === (name === name.toLowerCase())
}

/** A word character, as `\b` sees it. */
export function isWord(code: number): boolean {
  return code >= 0 && isIn('w', code)
}
