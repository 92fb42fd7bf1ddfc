import type { ParseEvent } from '../../event/event.js'
import type { CloseKind, NestingRules } from './nesting.js'

/** Takes the raw text of a value, piece by piece, at its offset. */
export interface RawSink {
  text(piece: string, from: number): void
  /** Makes events of it at once. */
  readonly streams?: boolean
  /** The same of a chunk that is nothing else: its events, or undefined if it does not take it. `isEscaped`: JSON escapes some of it. */
  chunk?(piece: string, isEscaped: boolean, from: number): ParseEvent[] | undefined
}

/** How the raw values of a format end. */
export interface DelimitedRules extends NestingRules {
  /** One newline behind the opening tag and one before the close marker belong to the markup. */
  readonly trim: 'newline' | 'none'
  /** A stop token in a value ends it `always`, or only as the `last` thing of the text. */
  readonly stop: 'always' | 'last'
  /** The marker of a call or block may end a value that was not closed at the end of the text too, or only before a tag. */
  readonly atEnd: 'trusted' | 'unknown'
}

export interface DelimitedValue {
  /** Its key: a tag of this name may close it. */
  readonly key: string
  /** The name of its call, where a tag of that name may close the call. */
  readonly call?: string
  /** Does the tool's schema know this key? A damaged tag opens its parameter then. */
  readonly declares: (key: string) => boolean
  readonly sink: RawSink
  /** The value is JSON: tags in its strings are data, and outside of them none is. */
  readonly json: boolean
  /** May a parameter of this key follow here, so that its tag ends a value that was not closed? */
  readonly mayFollow: (key: string) => boolean
  /** It is one of a call that was announced, and will not be given back. */
  readonly isFinal?: boolean
}

/**
 * What ended a value: its close marker or that of the call or the block (all read), another tag or a stop token (the
 * cursor stands before it), or the end of the text.
 */
export type Ending = CloseKind | 'opener' | 'stop' | 'cut'
