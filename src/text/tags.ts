import type { WAIT } from './cursor.js'
import type { Tag, TagKind, TagSyntax } from './tag.js'

/** Reads the tags of one syntax. Looks at a bounded stretch of text, and remembers nothing from one tag to the next. */
export interface Tags {
  readonly syntax: TagSyntax
  /** Reads what stands in the place of a tag and is none. */
  readonly near: NearTags
  /** What is known of a tag that the text ends inside of, after `WAIT`: its kind, once its word is whole. */
  readonly cut: TagKind | undefined
  /** After `WAIT`: the text ends inside the name of a tag, `<function=get_`, so that `goesOn` can tell of more. */
  readonly inName?: boolean
  /** Is this, behind a tag that was cut in its name and of which so much came, more of the name? */
  goesOn?(text: string, came: number): boolean
  /** The tag that begins at `start`, undefined if none does, or `WAIT` where the text ends inside of what may become one. */
  at(text: string, start: number): Tag | undefined | typeof WAIT
  /** Reads on behind the beginning of a tag: `<function=` or `<｜DSML`. Indices then count from there. */
  behindStem(text: string, at: number): Tag | undefined | typeof WAIT
  /** An opening tag, as the format itself writes it. `more`: further attributes. */
  openOf(word: string, name?: string, more?: string): string
  /** The close marker of a word, as the format itself writes it. */
  closeOf(word: string): string
}

/** Reads damaged tags. */
export interface NearTags {
  /** What stands at `start`; undefined if that is nothing like a tag, or `WAIT` where the text ends inside of what may be one. */
  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT
  /** The same of the bracket of what may close the value of `key`: in code most do not. */
  closer(text: string, start: number, ended: boolean, key: string): NearTag | undefined | typeof WAIT
}

/** What stands where a tag of a format should, and is no tag: `</parameter` without its bracket, `<PARAMETER=a>`, `<entry=a>`. */
export interface NearTag {
  /** What its word is a spelling of; undefined where it is another word. */
  readonly kind: 'block' | 'call' | 'parameter' | undefined
  readonly word: string
  /** It has the slash of a closer. */
  readonly isEnd: boolean
  /** It begins with a bracket. */
  readonly isOpen: boolean
  /** It has the token of the format, whole or without its bars. */
  readonly hasToken: boolean
  /** Its one name, without quotes. Indices count from its first character. */
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
  /** What its text attribute says. */
  readonly value: Tag['value']
  readonly length: number
  /** It ends with a bracket. */
  readonly isClosed: boolean
  /** More stands in it than a name and attributes: what it says is not known. */
  readonly isJunk: boolean
  /** It is not certain where the value behind it begins. */
  readonly isDoubtful?: boolean
}
