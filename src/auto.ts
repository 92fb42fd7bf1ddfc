import type { WAIT } from './cursor.js'
import { WAIT as MORE } from './cursor.js'
import type { Family, FamilyReader, Format, Opener, ReasoningBlock } from './format.js'
import { type Candidate, Grammar } from './grammar.js'
import { type Read, Reading } from './reader.js'

/**
 * The format that is not known yet: the first marker behind which a valid header stands decides it, once, and the format
 * reads the rest of the text by itself. Until then everything is content or reasoning, in which all formats agree.
 */
export function autoFormat(formats: readonly Format[]): Format {
  const stops = [...new Set(formats.flatMap((format) => format.stops))]
  // A bare call says little of the model that wrote it, so every format minds every stop token here.
  const choices = formats.map((format) => new Grammar({ ...format, stops }))
  const family: Family = {
    openers: openersOf(formats),
    create: (r) => new AutoReader(r, choices),
  }
  const blocks = new Map<string, ReasoningBlock>()
  for (const block of formats.flatMap((format) => format.reasoning?.blocks ?? []))
    if (!blocks.has(block.open)) blocks.set(block.open, block)
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
    reasoning: { blocks: [...blocks.values()], opener: 'held' },
    families: [family],
    render() {
      throw new Error("render needs a format: 'auto' is none")
    },
  }
}

function openersOf(formats: readonly Format[]): Opener[] {
  const openers = new Map<string, Opener>()
  for (const opener of formats.flatMap((format) => format.families.flatMap((family) => family.openers))) {
    const known = openers.get(opener.marker)
    // Where formats differ in where a marker counts, each is asked by itself.
    if (known === undefined) openers.set(opener.marker, opener)
    else if (known.where !== opener.where) openers.set(opener.marker, { ...known, where: 'anywhere' })
  }
  return [...openers.values()]
}

class AutoReader implements FamilyReader {
  /** Made for those formats whose markers come up. */
  private readonly readings: (Reading | undefined)[] = []
  private found: { reading: Reading; candidate: Candidate } | undefined

  constructor(
    private readonly r: Reading,
    private readonly grammars: readonly Grammar[],
  ) {}

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { r } = this
    let waiting = false
    let found: { reading: Reading; candidate: Candidate } | undefined
    let looks = 0
    for (const [i, grammar] of this.grammars.entries()) {
      const candidates = grammar.openers.get(opener.marker)?.candidates
      if (candidates === undefined) continue
      const reading = (this.readings[i] ??= new Reading(r.cursor, r.out, grammar))
      reading.text.adopt(r.text)
      reading.evidence = r.evidence
      reading.reasoning = r.reasoning
      for (const candidate of candidates) {
        if (!r.text.allows(candidate.opener.where)) continue
        // Without a marker to go by, only formats whose own calls have none are asked.
        if (candidate.opener.bare === true && reading.format.nativelyBare !== true) continue
        const opens = reading.reader(candidate.family).opens(candidate.opener, from)
        if (opens === MORE) waiting = true
        if (opens !== true) continue
        const like = this.looksLike(reading, from)
        if (like === MORE) waiting = true
        else if (found === undefined || like > looks) {
          found = { reading, candidate }
          looks = like
        }
      }
    }
    if (waiting) return MORE
    this.found = found
    return found !== undefined
  }

  /** Does the text from `from` on begin as only this format's own calls do? 1, 0 or `WAIT`. */
  private looksLike({ format }: Reading, from: number): number {
    const { cursor } = this.r
    const read = cursor.since(from)
    let answer = 0
    for (const look of format.looks ?? []) {
      if (read.startsWith(look)) return 1
      const stands = look.startsWith(read) ? cursor.starts(look.slice(read.length)) : 0
      if (stands === 1) return 1
      if (stands === MORE) answer = MORE
    }
    return answer
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { r, found } = this
    if (found === undefined) return false
    const { reading, candidate } = found
    reading.evidence = r.evidence
    const before = r.out.become(reading.format)
    const read = yield* reading.reader(candidate.family).read(candidate.opener, from)
    r.text.adopt(reading.text)
    if (read && !r.out.muted) {
      // Decided: the rest of the text is this format's.
      reading.lastCallTo = r.cursor.offset
      r.successor = reading
    } else r.out.become(before)
    return read
  }
}
