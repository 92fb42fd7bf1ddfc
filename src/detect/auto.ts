import type { Family, Format, Frame, Opener, ReasoningBlock } from '../engine/format.js'
import { Grammar, type OtherTokens } from '../engine/grammar.js'
import type { Reading } from '../engine/reading.js'
import { isSpecialToken } from '../engine/special-token.js'
import { AutoReader, type Choice } from './auto-reader.js'
import { valueTagsOf } from './open-value.js'

/**
 * The format that is not known yet: the first marker behind which a valid header stands decides it, once, and the format
 * reads the rest of the text by itself. Until then everything is content or reasoning, in which all formats agree.
 */
export function autoFormat(formats: readonly Format[]): Format {
  const stops = [...new Set(formats.flatMap((format) => format.stops))]
  const openers = openersOf(formats)
  const inner = innerTokensOf(formats, openers, stops)
  const choices = choicesOf(formats, openers, stops, {
    stops: stops.filter(isSpecialToken),
    // Markup has `</s>` too, but hardly at the end of all text.
    strays: [...(inner.strays ?? []), ...stops.filter((stop) => !isSpecialToken(stop) && stop.startsWith('</'))],
  })
  const valueTags = valueTagsOf(formats)
  const family: Family = {
    openers,
    ...inner,
    create: (reading: Reading) => new AutoReader(reading, choices, valueTags),
  }
  const blocks = blocksOf(formats)
  return {
    id: 'auto',
    aliases: [],
    wire: '',
    models: '',
    modelPatterns: [],
    flags: {},
    streams: '',
    headers: [...new Set(formats.flatMap((format) => format.headers))],
    stops,
    reasoning: { blocks },
    frames: framesOf(formats),
    families: [family],
    render() {
      throw new Error("render needs a format: 'auto' is not one")
    },
  }
}

/** The blocks of all formats. Plain words may mean nothing, so text behind them stays content. */
function blocksOf(formats: readonly Format[]): ReasoningBlock[] {
  const blocks = new Map<string, ReasoningBlock>()
  for (const block of formats.flatMap(({ reasoning }) => reasoning?.blocks ?? []))
    if (!blocks.has(block.open))
      blocks.set(block.open, block.isWorded === true ? { ...block, keepsText: 'undecided' } : block)
  return [...blocks.values()]
}

/**
 * A format that reads on once its marker has decided. Others share the marker and think in words: a call behind these may be a
 * draft, whosever they are.
 */
function withWords(format: Format, words: readonly ReasoningBlock[]): Format {
  const { blocks = [] } = format.reasoning ?? {}
  const others = words.filter(({ open }) => !blocks.some((block) => block.open === open))
  return { ...format, reasoning: { ...format.reasoning, blocks: [...blocks, ...others] } }
}

/** Frames of the answer that no ordinary text holds. */
function framesOf(formats: readonly Format[]): Frame[] {
  const frames = formats.flatMap(({ frames = [] }) => frames).filter(({ open }) => isSpecialToken(open))
  return frames.filter(({ open }, i) => frames.findIndex((frame) => frame.open === open) === i)
}

function markersOf({ families }: Format): Opener[] {
  return families.flatMap(({ openers }) => openers).filter(counts)
}

/**
 * A misspelt marker says nothing of the format: those are read once it is known. A parameter without the tag of its call decides
 * nothing either, but a call that its value quotes is none.
 */
function counts({ prefix, stem }: Opener): boolean {
  return prefix !== true || stem === true
}

function openersOf(formats: readonly Format[]): Opener[] {
  const openers = new Map<string, Opener>()
  for (const opener of formats.flatMap(markersOf)) {
    const known = openers.get(opener.marker)
    // Where formats differ in where a marker counts, each is asked by itself.
    if (known === undefined) openers.set(opener.marker, opener)
    else {
      const { where, before } = known
      openers.set(opener.marker, {
        ...known,
        ...(where === opener.where ? {} : { where: 'anywhere' }),
        before: before === opener.before ? before : undefined,
        mayOpen: undefined,
        mayBegin: undefined,
        inText: known.inText === true && opener.inText === true,
      })
    }
  }
  return [...openers.values()]
}

/**
 * Tokens inside of calls. One that closes a call is left out where none is open, as in each format; what stands behind any other
 * (`<|plugin|>`) is no bare call of another format. Close tags may be words of any markup, and stay.
 */
function innerTokensOf(
  formats: readonly Format[],
  openers: readonly Opener[],
  stops: readonly string[],
): Pick<Family, 'strays' | 'headerEnds' | 'innerMarkers'> {
  const families = formats.flatMap(({ families }) => families)
  const blocks = blocksOf(formats).flatMap(({ open, close, alike = [] }) => [open, close, ...alike])
  const others = new Set([...openers.map(({ marker }) => marker), ...stops, ...blocks])
  const tokens = (markers: readonly string[]) =>
    [...new Set(markers)].filter((text) => isSpecialToken(text) && !others.has(text))
  const strays = tokens(families.flatMap(({ strays = [] }) => strays))
  return {
    strays,
    headerEnds: families.flatMap(({ headerEnds = [] }) => headerEnds).filter((text) => strays.includes(text)),
    innerMarkers: tokens(families.flatMap(({ innerMarkers = [] }) => innerMarkers)).filter(
      (text) => !text.includes('/'),
    ),
  }
}

/**
 * By marker, the formats that are asked there. It depends on the formats alone, so it is worked out once for all texts. What is
 * left out of the content before a format is known is so behind, too: another may share its marker and close it otherwise.
 */
function choicesOf(
  formats: readonly Format[],
  openers: readonly Opener[],
  stops: readonly string[],
  others: OtherTokens,
): ReadonlyMap<string, readonly Choice[]> {
  const words = blocksOf(formats).filter(({ isWorded }) => isWorded === true)
  const grammars = formats
    .map((one) => withWords(one, words))
    .map((format) => ({
      own: new Grammar(format, others),
      // A bare call says little of the model that wrote it, so every format minds every stop token behind one.
      bare: format.nativelyBare === true ? new Grammar({ ...format, stops }, others) : undefined,
    }))
  const choicesAt = (marker: string): Choice[] =>
    grammars.flatMap(({ own, bare }) => {
      const found = own.openers.get(marker)
      if (found === undefined) return []
      const isBare = found.bare
      const grammar = isBare ? (bare ?? own) : own
      const { candidates } = grammar.openers.get(marker) ?? found
      const isLast = isBare && bare === undefined
      return candidates
        .filter(({ opener }) => counts(opener))
        .map((candidate) => ({ grammar, candidate, mayBegin: candidate.opener.mayBegin, isLast }))
    })
  return new Map(openers.map(({ marker }) => [marker, choicesAt(marker)]))
}
