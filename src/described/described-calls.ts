import {
  type Family,
  type Format,
  type RenderCall,
  RenderError,
  type RenderParts,
  type Where,
} from '../engine/format.js'
import { lineEnd } from '../engine/plain-text.js'
import type { CallMarkers } from '../recovery/misspelt-markers.js'
import type { DescribedIds } from './described-ids.js'
import type { CallsDescription, FormatDescription, Marks, Spaces } from './format-description.js'

/** What the description of one grammar gives to its format. */
export interface DescribedCalls {
  readonly families: readonly Family[]
  /** Its markers, which may come misspelt beside a call that is right. */
  readonly misspelt?: CallMarkers
  /** For people: how arguments stream. */
  readonly streams: string
  /**
   * The text of content and the calls behind it; at least one.
   * @throws RenderError for what the grammar cannot express
   */
  readonly write: (content: string, calls: readonly RenderCall[], parts: RenderParts) => string
  /** @throws RenderError for content that the grammar would read as calls, although no marker stands there */
  readonly checkContent?: (content: string) => void
  /** Set where the whole turn is messages. */
  readonly turn?: Pick<Format, 'channels' | 'render'>
}

/** What a grammar takes from the rest of its description. */
export interface Context {
  /** The field that holds the grammar, for errors: `calls[0]`. */
  readonly at: string
  readonly description: FormatDescription
  readonly stops: readonly string[]
  readonly ids: DescribedIds
}

export const AS_IT_COMES = 'argument text as it comes'
export const STRINGS_AS_THEY_COME = 'string values as they come, others whole'
export const ARGUMENT_BY_ARGUMENT = 'argument by argument, strings as they come'

/** Markers as families take them; none where the field is left out. */
export function framesOf(marks: Marks | undefined): { readonly open: string[]; readonly close: string[] } {
  if (marks === undefined) return { open: [], close: [] }
  const { open, close, alsoOpen = [], alsoClose = [] } = marks
  return { open: [open, ...alsoOpen], close: [close, ...alsoClose].filter((marker) => marker !== '') }
}

/** A text between markers, if there are any, with the white space that is written inside of both. */
export function inside(marks: Pick<Marks, 'open' | 'close'> | undefined, text: string, space = ''): string {
  return marks === undefined ? text : marks.open + space + text + space + marks.close
}

/**
 * Content, what separates it from calls, and these, where they count.
 * @throws RenderError for content that cannot stand before them
 */
export function behind(content: string, { before = '' }: Spaces, calls: string, where: Where = 'anywhere'): string {
  const isBlank = content.trim() === ''
  if (where === 'text-start' && !isBlank)
    throw new RenderError('calls of this format stand at the start of the text, with no content before them')
  const text = content + (isBlank ? '' : before)
  return text + (where === 'line-start' ? lineEnd(text) : '') + calls
}

/** Does no ordinary text hold it? A fence or a word may stand in any. */
export function isSpecial(marker: string): boolean {
  return !/^[\w\s`.:-]{0,400}$/.test(marker)
}

/** Those of the markers that can be told when they are misspelt. */
export function spellable(open: readonly string[], close: readonly string[]): { misspelt?: CallMarkers } {
  return open.every((marker) => marker.startsWith('<')) ? { misspelt: { open, close } } : {}
}

/** The markers that open calls of a grammar. */
export function openersOf(calls: CallsDescription): string[] {
  return ['block' in calls ? calls.block : undefined, 'call' in calls ? calls.call : undefined].flatMap((marks) =>
    marks === undefined ? [] : framesOf(marks).open,
  )
}

/** The other grammars of the description. */
export function othersIn({ calls }: FormatDescription, one: CallsDescription): CallsDescription[] {
  return calls.filter((other) => other !== one)
}
