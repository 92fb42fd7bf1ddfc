import type { Family, FamilyReader, Opener } from '../engine/format.js'
import { endsAt } from '../engine/lines.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'

/**
 * The family of close tags of calls, for formats whose calls stand in no block. One that closes nothing and stands directly
 * behind another tag or an object, or begins the text, closes a call whose tag was damaged (decision 14: an attempt is not prose).
 * Elsewhere it is left out where it ends the text, or a line that holds nothing else, as in formats with blocks.
 *
 *     <entry=get_tide>{"port": "Moss"}</function>
 */
export function orphanEnds(closers: readonly string[]): Family {
  return {
    openers: closers.map((marker) => ({ marker, prefix: true })),
    create: (reading: Reading) => new OrphanEnds(reading),
  }
}

class OrphanEnds implements FamilyReader {
  readonly expects = 'a call before it'

  constructor(private readonly reading: Reading) {}

  opens(): boolean {
    const { text, out } = this.reading
    return text.quotation === undefined && !text.fenced && !out.refusesCalls
  }

  *read({ marker }: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out, text, stops } = reading
    cursor.rewind(from + marker.length)
    const isTextual = reading.openersAsText > 0
    const isAttempt = !isTextual && (text.blank || text.endsIn('}') || text.endsIn('>'))
    if (isTextual) reading.closeText()
    else if (!isAttempt) {
      let behind: ReturnType<typeof endsAt>
      while ((behind = endsAt(cursor, cursor.at, stops)) === WAIT) yield
      if (behind === 'text' || (behind === 'line' && text.atLineStart)) {
        out.note('stray-marker', `${marker} closes nothing and was left out`, from, cursor.offset)
        out.mark('call')
        return false
      }
    }
    text.track(marker)
    out.release(isAttempt ? 'damaged-block' : 'marker-in-text', `${marker} closes nothing`, marker, from)
    if (isAttempt) out.fail('malformed')
    return false
  }
}
