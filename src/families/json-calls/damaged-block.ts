import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { MarkerSet, Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import type { CallObject } from '../call-object/call-object.js'
import { NOWHERE } from '../call-object/held-value.js'
import { type BlockEnds, type BlockMarkers, NEVER_CLOSED } from './block-markers.js'

/** What ends a value without quotes and brackets, or shows that it is no value. */
const VALUE_ENDS = new MarkerSet([...',}]{[(<"\'`\n'].map((end) => [end, end]))

/** Passes what cannot be read in a block of JSON calls: as content, or left out. */
export class DamagedBlock {
  private readonly ends: Matcher<number>
  private readonly lineEnds: Matcher<number>
  /** The text was read to its end once, and no close marker stands in the rest of it. */
  private isUnclosed = false

  constructor(
    private readonly reading: Reading,
    private readonly markers: BlockMarkers,
    { ends, lineEnds }: BlockEnds,
  ) {
    this.ends = new Matcher(ends)
    this.lineEnds = new Matcher(lineEnds)
  }

  /** Notes that a block, or an element of its list, could not be read. */
  note(what: 'block' | 'element', why: string, from: number): void {
    const { cursor, out } = this.reading
    out.damage(`this ${what} cannot be read as a call: ${why}`, from, cursor.offset)
  }

  /** The rest of a call that was announced: to the end of its block, or as far as damage goes that no marker ends. */
  skipCall({ closers }: CallObject, inArray: boolean): Read<unknown> {
    const { cursor, format } = this.reading
    const { open, close } = this.markers
    if (close.length > 0) return this.skipToEnd(false)
    // In a string of JSON the quote would be escaped.
    const ends = [...format.stops, ...open.map((marker) => `${marker}{"`)]
    return new DamagedJson(cursor, closers.length + Number(inArray), ends, open).skip()
  }

  /**
   * `1/6`, `, ??`: where values without brackets and quotes cannot be read, and all else of their object is sound, the damage
   * ends with the object, and the calls behind it stand. Otherwise quotes cannot be trusted: what looks like a call may be data.
   */
  *passObject({ why, closers, opened }: CallObject): Read<boolean> {
    const { cursor, out } = this.reading
    const from = cursor.offset
    while (closers.length > 0) {
      const end = yield* skipTo(cursor, new Matcher(VALUE_ENDS))
      const at = cursor.offset
      const rest = this.reading.newValue(false).begin(NOWHERE, 'after-value', closers)
      while (!rest.scan()) yield rest
      if (rest.done) break
      cursor.rewind(end === ',' ? at + 1 : from)
      if (end !== ',') return false
    }
    if (opened) {
      this.reading.lastCallTo = cursor.offset
      out.close('malformed', cursor.offset, why)
    }
    return true
  }

  /** Makes text of the block content. `closed`: its close marker may stand at the end. */
  content(text: string, from: number, closed = false): void {
    const { open, close, damagedMarkers } = this.markers
    const isLeft = damagedMarkers === 'left-out'
    const start = (isLeft ? open.find((marker) => text.startsWith(marker)) : undefined)?.length ?? 0
    const end = (isLeft && closed ? close.find((marker) => text.endsWith(marker)) : undefined)?.length ?? 0
    this.reading.out.content(text.slice(start, text.length - end), from + start)
  }

  /**
   * Reads to behind the close marker, or to an opener at the beginning of a line, a stop token or the end: what stands in
   * a damaged block opens nothing. True if the block's end was found; where there is none, the damage ends with its line.
   * `isRaw`: the block may hold raw values, so that blocks in it are counted.
   */
  *skipToEnd(asContent: boolean, isRaw = false): Read<boolean> {
    const { cursor, out } = this.reading
    const start = cursor.offset
    const ends = this.isUnclosed ? this.lineEnds : this.ends
    const emit = asContent ? (text: string, from: number) => out.content(text, from) : undefined
    let length: number | undefined
    for (let open = 0; ; ) {
      length = yield* skipTo(cursor, ends, emit)
      if (!isRaw || length === undefined || length === NEVER_CLOSED) break
      const marker = cursor.window.slice(cursor.at, ends.end)
      const opens = marker.startsWith('\n')
      if (!opens && open === 0) break
      open += opens ? 1 : -1
      emit?.(marker, cursor.offset)
      cursor.at += marker.length
    }
    if (length === undefined || length === NEVER_CLOSED) {
      this.isUnclosed = true
      // A call behind it begins no line, so a close marker, if one comes, would have ended it with the block.
      out.doubtRest()
      const line = asContent ? -1 : cursor.since(start).indexOf('\n')
      if (line >= 0) cursor.rewind(start + line)
      return false
    }
    const from = cursor.offset
    cursor.at += length
    if (asContent && this.markers.damagedMarkers === undefined) out.content(cursor.since(from), from)
    return true
  }
}
