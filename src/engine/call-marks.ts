import { type MarkerSet, Matcher } from '../text/matcher.js'
import type { Format } from './format.js'
import { markerSet } from './grammar.js'
import { blocksOf } from './reasoning-blocks.js'

/** The markers around a call or a section of calls. */
export interface Frame {
  readonly open: readonly string[]
  readonly close: readonly string[]
  /** Other markers that models write by mistake in place of `open`. */
  readonly alike?: readonly string[]
}

/** The role of a marker in a grammar with sections of calls. */
export type Mark = 'section' | 'section-end' | 'call' | 'call-end'

export interface MarkGrammar {
  readonly section?: Frame
  readonly call: Frame
  /** All spellings of a marker, including the marker itself. */
  readonly spellings?: (marker: string) => readonly string[]
}

/**
 * Every marker of a grammar, in every spelling, with its role.
 * @example marksOf({ call: { open: ['<c>'], close: ['</c>'] } }) // '<c>' is a 'call', '</c>' a 'call-end'
 */
export function marksOf({ section, call, spellings = (marker) => [marker] }: MarkGrammar): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  const add = (markers: readonly string[] | undefined, mark: Mark) => {
    for (const marker of (markers ?? []).flatMap(spellings)) if (!marks.has(marker)) marks.set(marker, mark)
  }
  add(section?.open, 'section')
  add(section?.close, 'section-end')
  add(call.open, 'call')
  add(call.close, 'call-end')
  add(section?.alike, 'section')
  add(call.alike, 'call')
  return marks
}

/** The markers that end a call of the format from outside: stop tokens, and the close markers of reasoning. */
export function endsOf(format: Format): string[] {
  return [...format.stops, ...blocksOf(format).map((block) => block.close)]
}

/**
 * What the parsers of a format search for in a call: its markers, stop tokens, and the close markers of reasoning (a call
 * in reasoning may be a draft). Made once per format, since sorting many spellings takes time.
 */
export interface MarkSets {
  readonly markers: readonly string[]
  readonly plain: MarkerSet<string>
  /** With the backticks that close a fence. */
  readonly fenced: MarkerSet<string>
  /** The markers as the format itself writes them. */
  readonly native: ReadonlyMap<Mark, readonly string[]>
}

export function markSetsOf({ section, call }: MarkGrammar, marks: ReadonlyMap<string, Mark>, format: Format): MarkSets {
  const markers = [...marks.keys(), ...endsOf(format)]
  const native = new Map<Mark, readonly string[]>([
    ['section', section?.open ?? []],
    ['section-end', section?.close ?? []],
    ['call', call.open],
    ['call-end', call.close],
  ])
  return { markers, plain: markerSet(markers), fenced: markerSet([...markers, '```']), native }
}

/** The markers of a grammar as one parser looks for them. */
export class CallMarks {
  readonly matcher: Matcher<string>
  /** The markers that `matcher` finds. */
  readonly markers: readonly string[]
  readonly fencedMatcher: Matcher<string>
  private readonly native: ReadonlyMap<Mark, readonly string[]>

  constructor(
    private readonly marks: ReadonlyMap<string, Mark>,
    { markers, plain, fenced, native }: MarkSets,
  ) {
    this.markers = markers
    this.matcher = new Matcher(plain)
    this.fencedMatcher = new Matcher(fenced)
    this.native = native
  }

  /** The role of a marker; undefined for any other text. */
  of(marker: string | undefined): Mark | undefined {
    return marker === undefined ? undefined : this.marks.get(marker)
  }

  /** Does it open a call or a section? Where one stands, a call that is not closed may have been broken off. */
  opens(marker: string | undefined): boolean {
    const mark = this.of(marker)
    return mark === 'call' || mark === 'section'
  }

  /** Is this a marker in the format's own spelling? */
  isNative(marker: string): boolean {
    const mark = this.marks.get(marker)
    return mark !== undefined && this.native.get(mark)?.includes(marker) === true
  }

  /** The format's own spelling of a marker with this role; empty if it has none. */
  written(mark: Mark | undefined): string {
    return (mark && this.native.get(mark)?.[0]) ?? ''
  }
}
