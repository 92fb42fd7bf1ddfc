import type { ParseEvent } from '../../event/event.js'
import type { CloseKind, NestingRules } from './nesting.js'

/** Takes the raw text of a value, piece by piece, at its offset. */
export interface RawSink {
  text(piece: string, from: number): void
  /** Makes events of the text at once. */
  readonly streams?: boolean
  /** The same for a chunk that holds nothing else. Returns its events, or undefined to refuse it. `isEscaped`: JSON escapes some of it. */
  chunk?(piece: string, isEscaped: boolean, from: number): ParseEvent[] | undefined
}

/** How the raw values of a format end. */
export interface DelimitedRules extends NestingRules {
  /** One newline behind the opening tag and one before the close marker belong to the markup. */
  readonly trim: 'newline' | 'none'
  /** A stop token in a value ends it `always`, or only as the `last` thing of the text. */
  readonly stop: 'always' | 'last'
  /** Whether the marker of a call or block ends an unclosed value at the end of the text too, or only before a tag. */
  readonly atEnd: 'trusted' | 'unknown'
}

export interface DelimitedValue {
  /** Its key: a tag of this name may close it. */
  readonly key: string
  /** The name of its call, where a tag of that name may close the call. */
  readonly call?: string
  /** Does the tool's schema have this key? Then even a damaged tag opens its parameter. */
  readonly declares: (key: string) => boolean
  readonly sink: RawSink
  /** The value is JSON: tags are data inside its strings, and markup outside of them. */
  readonly json: boolean
  /** May a parameter of this key follow here? Then its tag ends an unclosed value. */
  readonly mayFollow: (key: string) => boolean
  /** The call was announced, so that its text will not be given back as content. */
  readonly isFinal?: boolean
}

/**
 * What ended a value: its close marker or that of the call or the block (all read), another tag or a stop token (the
 * cursor stands before it), or the end of the text.
 */
export type Ending = CloseKind | 'opener' | 'stop' | 'cut'
