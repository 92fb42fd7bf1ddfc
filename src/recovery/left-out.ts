import type { Family, FamilyReader, Opener } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import type { Reading } from '../engine/reading.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'

/**
 * Markers that are left out of the content wherever they open nothing: `<|python_start|>` before prose. Stands behind the
 * families that read what such a marker may open, since it takes whatever they leave.
 */
export function leftOut(markers: readonly string[]): Family {
  const set = markerSet(markers)
  return {
    openers: markers.map((marker) => ({ marker })),
    create: (reading: Reading) => new LeftOut(reading, new Matcher(set)),
  }
}

class LeftOut implements FamilyReader {
  constructor(
    private readonly reading: Reading,
    private readonly markers: Matcher<string>,
  ) {}

  opens(): boolean {
    return true
  }

  /** The families that were asked before may have read white space, which is content, and the marker again. */
  // biome-ignore lint/correctness/useYield: it never has to wait
  *read(_: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    const read = cursor.since(from)
    for (let at = 0; at < read.length; ) {
      const next = this.markers.find(read, at, true)
      out.content(read.slice(at, next), from + at)
      const marker = this.markers.hit ?? ''
      at = next + marker.length
      if (marker !== '') out.note('stray-marker', `${marker} opens nothing and was left out`, from + next, from + at)
    }
    return true
  }
}
