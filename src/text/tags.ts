import type { WAIT } from './cursor.js'
import type { HoldBack } from './step.js'
import type { Tag, TagKind, TagSyntax } from './tag.js'

/** Reads the tags of one syntax, looking at a bounded stretch of text. */
export interface Tags {
  readonly syntax: TagSyntax
  /** Reads damaged tags. */
  readonly near: NearTags
  /** After `WAIT`: the kind of the tag that the text ends in, once its word is whole. */
  readonly cut: TagKind | undefined
  /** After `WAIT`: knows which text leaves the tag cut, so that it need not be read again from its start. */
  readonly holdBack?: HoldBack | undefined
  /**
   * The tag that begins at `start`, undefined if none does, or `WAIT` where the text ends inside what may become one.
   */
  at(text: string, start: number): Tag | undefined | typeof WAIT
  /** Reads the rest of a tag whose beginning (`<function=`, `<｜DSML`) has been read. Indices count from `at`. */
  behindStem(text: string, at: number): Tag | undefined | typeof WAIT
  /** An opening tag, as the format itself writes it. `more`: further attributes. */
  openOf(word: string, name?: string, more?: string): string
  /** The close marker of a word, as the format itself writes it. */
  closeOf(word: string): string
}

/** Reads text that stands where a tag should and is only like one. */
export interface NearTags {
  /**
   * The damaged tag at `start`; undefined if there is nothing like a tag, or `WAIT` where the text ends inside what may
   * be one.
   */
  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT
  /** As `at`, for a bracket that may close the value of `key`. Quick to say no, since most brackets in code do not. */
  closer(text: string, start: number, ended: boolean, key: string): NearTag | undefined | typeof WAIT
}

/** A damaged or misspelt tag: `</parameter` without its bracket, `<PARAMETER=a>`, `<entry=a>`. */
export interface NearTag {
  /** The kind that its word is a spelling of; undefined for an unknown word. */
  readonly kind: 'block' | 'call' | 'parameter' | undefined
  readonly word: string
  /** It has the slash of a closer. */
  readonly isEnd: boolean
  /** It begins with a bracket. */
  readonly isOpen: boolean
  /** It has the token of the format, with or without its bars. */
  readonly hasToken: boolean
  /** Its name, without quotes. Indices count from the first character of the tag. */
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
  /** What its text attribute says. */
  readonly value: Tag['value']
  readonly length: number
  /** It ends with a bracket. */
  readonly isClosed: boolean
  /** It holds more than a name and attributes, so its meaning is unknown. */
  readonly isJunk: boolean
  /** Where the value behind it begins is uncertain. */
  readonly isDoubtful?: boolean
}
