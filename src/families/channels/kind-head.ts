import type { ChannelRules } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { HeaderEnd } from './header-end.js'
import { LONGEST_HEADER, type MessageHeadResult } from './message-head.js'

/** No name is longer, in UTF-16 units. */
const LONGEST_NAME = 128

/**
 * Reads headers that are the name of a tool or nothing, up to a marker that tells what the message holds:
 * `<|message_model|>get_tide<|content_invoke_tool_json|>`.
 */
export class KindHeads {
  private readonly marks: Matcher<string>

  private readonly repair: boolean
  /** After `WAIT`: what the text ends in. */
  end: HeaderEnd | undefined

  constructor(
    { grammar, out }: Reading,
    private readonly rules: ChannelRules,
  ) {
    this.repair = out.settings.repair
    const { start, kinds = {}, ends } = rules
    this.marks = new Matcher(grammar.once('marks in headers', () => markerSet([start, ...Object.keys(kinds), ...ends])))
  }

  /** `text` begins behind the start of a header, or with the marker that ends it. */
  read(text: string, ended: boolean): MessageHeadResult {
    const { start } = this.rules
    this.end = undefined
    let from = spaceEnd(text, 0)
    // The start came twice.
    const again = text.startsWith(start, from) ? from : -1
    if (again >= 0) from = spaceEnd(text, from + start.length)
    const at = this.marks.find(text, from, ended)
    const name = text.slice(from, at).trimEnd()
    if (name.length > LONGEST_NAME || /[\s<{]/.test(name)) return 'text'
    const { hit } = this.marks
    if (hit === undefined) {
      if (text.length >= LONGEST_HEADER) return 'text'
      this.end = this.marks.holdBack ?? (name === '' ? undefined : 'word')
      return ended ? 'cut' : WAIT
    }
    const holds = this.rules.kinds?.[hit]
    if (holds === undefined) return 'text'
    const fixes = holds === 'call' || name === '' ? [] : [{ from, to: from + name.length, after: '' }]
    if (again >= 0) fixes.push({ from: again, to: again + start.length, after: '' })
    if (again >= 0 && !this.repair) return { holds: 'broken', length: at + hit.length }
    return { holds, name, from, to: from + name.length, type: '', length: at + hit.length, fixes }
  }
}
