import { anyLineBreak } from '../text/line-breaks.js'
import { BRACKET, MarkerSet, PLAIN } from '../text/matcher.js'
import type { Family, Format, Opener, ReasoningBlock, Where } from './format.js'
import { QUOTATIONS } from './quotations.js'
import { blocksOf, shownBlocks } from './reasoning-blocks.js'
import { isSpecialToken } from './special-token.js'

/** An opener and the family whose calls it opens. */
export interface Candidate {
  readonly opener: Opener
  readonly family: Family
  /**
   * A copy of `opener.where`, which is faster to read at every brace: candidates all have one object shape, openers do
   * not.
   */
  readonly where: Where | undefined
}

/** They open a code fence as backticks do, at the start of a line. */
export const TILDES = '~~~'

export interface PlainMarker {
  kind:
    | 'stop'
    | 'stray'
    | 'inner'
    | 'fence'
    | 'reasoning-close'
    | 'frame'
    | 'frame-close'
    | 'quote-end'
    | 'result'
    | 'element'
  text: string
  /** It closes reasoning, and is plain words. */
  isWorded?: boolean | undefined
  /** It closes thoughts that are part of the answer. */
  isShown?: boolean | undefined
}

/** A marker that content may be interrupted by. */
export type ContentMarker =
  | PlainMarker
  | { kind: 'reasoning'; text: string; block: ReasoningBlock }
  | { kind: 'quote'; text: string; ends: readonly string[]; isAnywhere: boolean }
  | OpenerMarker

export interface OpenerMarker {
  kind: 'opener'
  text: string
  candidates: readonly Candidate[]
  /** For all candidates the marker is a character of the payload, so that ordinary text may hold it. */
  bare: boolean
  /** By ASCII code: 1 for a character that may follow the marker. Undefined if any candidate allows all. */
  before: Uint8Array | undefined
  /** No other marker begins with it. */
  alone: boolean
  /** For all candidates it is only the common beginning of several markers. */
  stem: boolean
  /** For all candidates it is text where it opens nothing. */
  inText: boolean
  /** For all candidates it opens nothing by itself. */
  prefix: boolean
  /** It begins the header of a message. */
  isHeader: boolean
  /** It holds the first line of a code fence. */
  fences: boolean
}

/** Tokens that no format has as both. */
export interface OtherTokens {
  readonly stops: readonly string[]
  /** Tokens that close something. */
  readonly strays: readonly string[]
}

/**
 * A format with its markers prepared for reading. It is made once and shared by all parsers of the format, so that each
 * parser is cheap. Nothing in it depends on a text.
 */
export class Grammar {
  /** By marker. The empty marker has the candidates that may begin the text without a marker. */
  readonly openers: ReadonlyMap<string, OpenerMarker>
  readonly stops: MarkerSet<string>
  readonly headers: MarkerSet<string>
  /** Markers that begin like a list: `[TOOL_CALLS]`. Most formats have none. */
  readonly brackets: MarkerSet<ContentMarker>
  /** Calls may come without a marker. */
  readonly isBare: boolean
  /** The prompt may have begun a message, which a family reads. */
  readonly beginsMessages: boolean
  /**
   * Markers that are left out of the output (closers of reasoning, strays), so that a message may begin behind them.
   */
  readonly leftOut: readonly string[]
  /** Closers of raw values, in which nothing is escaped. */
  readonly valueEnds: ReadonlySet<string>
  /** Markers that begin values. */
  readonly valueStarts: ReadonlySet<string>
  /** What ends the header of a message. */
  readonly headerEnds: ReadonlySet<string>
  /** Closers that are content or left out, depending on the text around them. */
  readonly looseClosers: readonly string[]
  private readonly markers: readonly (readonly [string, ContentMarker])[]
  private madeContent: MarkerSet<ContentMarker> | undefined
  private madeInside: Uint8Array | undefined
  private readonly made = new WeakMap<object, unknown>()
  private readonly named = new Map<string, unknown>()

  /** @param others tokens of other formats that are left out of the content, where this format has no use for them */
  constructor(
    readonly format: Format,
    others: OtherTokens = { stops: [], strays: [] },
  ) {
    const { families, stops, headers, frames = [], results = [] } = format
    this.openers = openersOf(families)
    this.isBare = [...this.openers.values()].some(({ bare, prefix }) => bare && !prefix)
    this.beginsMessages = format.channels !== undefined || this.openers.get('')?.isHeader === true
    this.stops = markerSet(stops)
    this.headers = markerSet(anyLineBreak(headers))
    const markers: [string, ContentMarker][] = this.stopMarkers()
    const blocks = blocksOf(format)
    for (const block of [...blocks, ...shownBlocks(blocks)]) {
      markers.push([block.open, { kind: 'reasoning', text: block.open, block }])
      markers.push(...closersOf(block))
    }
    for (const { open, close } of frames)
      markers.push([open, { kind: 'frame', text: open }], [close, { kind: 'frame-close', text: close }])
    for (const family of families) {
      for (const { marker } of family.openers) markers.push([marker, this.openers.get(marker) as OpenerMarker])
      for (const text of family.strays ?? []) markers.push([text, { kind: 'stray', text }])
      for (const text of family.innerMarkers ?? []) markers.push([text, { kind: 'inner', text }])
    }
    const known = new Set([...markers.map(([text]) => text), ...wordsOf(format)])
    for (const text of others.stops) if (!known.has(text)) markers.push([text, { kind: 'stop', text }])
    for (const text of others.strays) if (!known.has(text)) markers.push([text, { kind: 'stray', text }])
    for (const text of ['```', TILDES]) markers.push([text, { kind: 'fence', text }])
    // What begins with a token of the format's own has its meaning.
    const isOwn = (open: string) =>
      markers.some(([text, { kind }]) => text === open || (kind === 'stop' && open.startsWith(text)))
    for (const { open, ends, isAnywhere = false } of QUOTATIONS)
      if (!isOwn(open)) markers.push([open, { kind: 'quote', text: open, ends, isAnywhere }])
    for (const text of results) markers.push([text, { kind: 'result', text }])
    // HTML has `<s>…</s>`, whose close tag is a stop token of some formats.
    if (stops.includes('</s>')) markers.push(['<s>', { kind: 'element', text: '<s>' }])
    this.markers = markers
    const ofKind = (...kinds: ContentMarker['kind'][]) =>
      markers.filter(([, { kind }]) => kinds.includes(kind)).map(([text]) => text)
    this.valueEnds = new Set(families.flatMap(({ valueEnds = [] }) => valueEnds))
    this.valueStarts = new Set(families.flatMap(({ valueStarts = [] }) => valueStarts))
    const shown = shownBlocks(blocks).map(({ close }) => close)
    this.leftOut = ofKind('reasoning-close', 'stray', 'frame', 'frame-close').filter((text) => !shown.includes(text))
    this.headerEnds = new Set(families.flatMap(({ headerEnds = [] }) => headerEnds))
    this.looseClosers = ofKind('inner').filter((text) => text.startsWith('</'))
    this.brackets = new MarkerSet(markers.filter(([text]) => text.length > 1 && text.startsWith('[')))
  }

  /** The markers that interrupt content. Made for the first text that is read: `auto` has six dozen formats, and asks few. */
  get content(): MarkerSet<ContentMarker> {
    if (this.madeContent !== undefined) return this.madeContent
    const { markers } = this
    for (const [text, marker] of markers) {
      if (marker.kind === 'opener') marker.alone = !markers.some(([other]) => other !== text && other.startsWith(text))
    }
    this.madeContent = new MarkerSet(markers)
    return this.madeContent
  }

  /** The kinds of characters once content has begun, where markers that count only at the start are plain text. */
  get inside(): Uint8Array {
    if (this.madeInside !== undefined) return this.madeInside
    const { markers } = this
    const inside = this.content.kinds.slice()
    for (const [text] of markers.filter(opensAtStart)) {
      const alike = markers.filter(([other]) => other[0] === text[0])
      if (alike.every(opensAtStart)) inside[text.charCodeAt(0)] = '{[('.includes(text.charAt(0)) ? BRACKET : PLAIN
    }
    this.madeInside = inside
    return inside
  }

  /**
   * The markers that interrupt reasoning in one of the blocks: its closers, further openers, stop tokens, and the
   * markers of calls.
   */
  reasoning(blocks: readonly ReasoningBlock[]): MarkerSet<ContentMarker> {
    // Nearly always it is one, which is found faster than a text that is made each time.
    const [only] = blocks.length === 1 ? blocks : []
    const key = only ?? `reasoning ${blocks.map((block) => block.open).join(' ')}`
    return this.once(key, () => {
      const markers: (readonly [string, ContentMarker])[] = []
      for (const block of blocks) {
        markers.push(...closersOf(block), [block.open, { kind: 'reasoning', text: block.open, block }])
      }
      markers.push(...this.stopMarkers())
      for (const [text, marker] of this.openers) if (!marker.bare || marker.isHeader) markers.push([text, marker])
      markers.push(
        ...this.markers.filter(([text, { kind }]) => !NOT_IN_REASONING.includes(kind) && isSpecialToken(text)),
      )
      return new MarkerSet(markers)
    })
  }

  /** The markers that count in a quotation that ends at one of these. A stop token ends the text there too. */
  quotation(ends: readonly string[]): MarkerSet<ContentMarker> {
    const { stops } = this.format
    return this.once(ends, () => {
      const closers = ends.filter((text) => !stops.includes(text))
      return new MarkerSet([...closers.map((text) => [text, { kind: 'quote-end', text }] as const), ...this.markers])
    })
  }

  private stopMarkers(): [string, ContentMarker][] {
    return this.format.stops.map((text) => [text, { kind: 'stop', text }])
  }

  /**
   * The cached result of `make`: for data that families derive from the format. The key must live as long as the
   * format: a family, not a reader.
   */
  once<T>(key: object | string, make: () => T): T {
    const made = typeof key === 'string' ? this.named : this.made
    if (!made.has(key as never)) made.set(key as never, make())
    return made.get(key as never) as T
  }
}

/** The tokens in the headers and at the ends of a format's messages. */
function wordsOf({ channels }: Format): string[] {
  return channels === undefined
    ? []
    : Object.values(channels)
        .flat()
        .filter((word) => typeof word === 'string')
}

/** Calls in reasoning are read by themselves, and a frame stands around the answer. */
const NOT_IN_REASONING: readonly ContentMarker['kind'][] = ['opener', 'frame', 'frame-close']

/** The grammars made so far. */
const grammars = new WeakMap<Format, Grammar>()

/** The grammar of a format: the same object each time. */
export function grammarOf(format: Format): Grammar {
  const grammar = grammars.get(format) ?? new Grammar(format)
  grammars.set(format, grammar)
  return grammar
}

/** What closes a reasoning block; `</think` at the end of a line too. */
function closersOf({ close, alike = [], isWorded, keepsText }: ReasoningBlock): [string, ContentMarker][] {
  const kind = 'reasoning-close'
  const closers: [string, ContentMarker][] = [close, ...alike].map((text) => [
    text,
    { kind, text, isWorded: isWorded === true && !isSpecialToken(text), isShown: keepsText === 'shown' },
  ])
  if (keepsText === 'shown' || !close.startsWith('</')) return closers
  const text = close.slice(0, -1)
  return [
    ...closers,
    ...['\n', '\r'].map((end): [string, ContentMarker] => [text + end, { kind: 'reasoning-close', text }]),
  ]
}

/** Does the marker open calls only at the start of the text? */
function opensAtStart([, marker]: readonly [string, ContentMarker]): boolean {
  if (marker.kind !== 'opener' || !marker.bare) return false
  return marker.candidates.every(({ where }) => where === 'text-start')
}

/** A set of markers, each of which is its own meaning. */
export function markerSet(texts: readonly string[]): MarkerSet<string> {
  return new MarkerSet(texts.map((text) => [text, text]))
}

function before(candidates: readonly Candidate[]): Uint8Array | undefined {
  const table = new Uint8Array(128)
  for (const { opener } of candidates) {
    if (opener.before === undefined) return undefined
    for (const character of opener.before) table[character.charCodeAt(0)] = 1
  }
  return table
}

function openersOf(families: readonly Family[]): Map<string, OpenerMarker> {
  const candidates = new Map<string, Candidate[]>()
  for (const family of families) {
    for (const opener of family.openers) {
      candidates.set(opener.marker, [...(candidates.get(opener.marker) ?? []), { opener, family, where: opener.where }])
    }
  }
  const openers = new Map<string, OpenerMarker>()
  for (const [text, all] of candidates) {
    const bare = all.every(({ opener }) => opener.bare)
    const stem = all.every(({ opener }) => opener.stem)
    const inText = all.every(({ opener }) => opener.inText === true)
    const prefix = all.every(({ opener }) => opener.prefix === true)
    const isHeader = all.some(({ opener }) => opener.begins === 'message')
    const fences = text.includes('```')
    const shared = { bare, before: before(all), alone: true, stem, inText, prefix, isHeader, fences }
    openers.set(text, { kind: 'opener', text, candidates: all, ...shared })
  }
  return openers
}
