import type { Format } from '../../engine/format.js'
import { MarkerSet } from '../../text/matcher.js'

/** The markers of a block, as its format writes them. */
export interface BlockMarkers {
  /** Markers that open a block. */
  readonly open: readonly string[]
  /** Markers that close it. Without one the block ends with its payload. */
  readonly close: readonly string[]
  /** The markers of a block that cannot be read: text, as the block is (default), or `left-out`. */
  readonly damagedMarkers?: 'left-out'
}

/** Instead of a length: what stands here closes nothing. */
export const NEVER_CLOSED = -3

type Markers = readonly (readonly [string, number])[]

/** The markers around blocks, by what they end. Each has the number of its characters that belong to the block before it. */
export interface BlockEnds {
  /** Ends a payload, whatever is still open in it. */
  readonly boundary: MarkerSet<number>
  /** Ends a block that cannot be read. A stop token leaves it unclosed. */
  readonly ends: MarkerSet<number>
  /** The same where no close marker follows. */
  readonly lineEnds: MarkerSet<number>
}

/** Works out the markers of a format's blocks, once for all its texts. */
export function blockEnds({ open, close }: BlockMarkers, { stops, objects }: Format): BlockEnds {
  const closing: Markers = close.map((text) => [text, text.length])
  const opening: Markers = open.map((text) => [text, 0])
  const stopping: Markers = stops.map((text) => [text, NEVER_CLOSED])
  return {
    boundary: new MarkerSet([...closing, ...opening]),
    ends: new MarkerSet([
      // A fence ends at the start of a line, where none stands in a string of JSON.
      ...closing.map(([text, length]) =>
        text === '```' ? ([`\n${text}`, length + 1] as const) : ([text, length] as const),
      ),
      ...open.map((text) => [`\n${text}`, 1] as const),
      // Where no marker closes a block, the next one does, wherever it stands: in a string of JSON the quotes behind it would be
      // escaped. In one of Python they need not be.
      ...(close.length > 0 || objects === 'python' ? [] : opening),
      ...stopping,
    ]),
    // In a string of Python it may stand as it is.
    lineEnds: new MarkerSet([...(objects === 'python' ? [] : opening), ...stopping, ['\n', NEVER_CLOSED]]),
  }
}
