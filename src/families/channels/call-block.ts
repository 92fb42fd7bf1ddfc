import type { ChannelRules, Family } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { standsFor } from '../../recovery/near-marker.js'
import { WAIT } from '../../text/cursor.js'
import { MarkerSet, Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { givenName } from '../../tools/given-name.js'
import type { MessageHead } from './message-head.js'

/**
 * Reads a message whose text is a block of calls of another family. The cursor stands at its header; the calls begin with it.
 *
 *      to=get_tide<|message|><atem:function_calls><atem:invoke name="get_tide">…</atem:function_calls><|eom|>
 */
export function* readCallBlock(
  reading: Reading,
  head: MessageHead,
  from: number,
  rules: ChannelRules,
  family: Family,
): Read<void> {
  const { cursor, out, text } = reading
  const at = cursor.offset
  cursor.at += head.length
  const begins = head.fixes.length > 0 ? cursor.offset : from
  if (begins > from) out.note('dropped-text', 'words in the header of a message', at, begins)
  text.beginMessage()
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  reading.messageEnds = rules.ends
  reading.callEnds = rules.callEnds ?? []
  if (code < 0) {
    reading.cut('the text ended after the header of a call', from)
    return
  }
  const openers = new Matcher(
    reading.grammar.once(
      'call openers',
      () => new MarkerSet(family.openers.map((opener) => [opener.marker, opener] as const)),
    ),
  )
  const opener = yield* reading.marker(openers)
  const before = reading.stops
  reading.stops = messageStops(reading, rules)
  let opens = false
  if (opener !== undefined) {
    const reader = reading.reader(family)
    const begin = cursor.offset
    cursor.at += opener.marker.length
    let found: boolean | typeof WAIT
    while ((found = reader.opens(opener, begins)) === WAIT) yield
    opens = found
    const { callDoubt } = out
    if (opens && !(yield* agrees(reading, head.name)))
      out.callDoubt ??= { status: 'malformed', why: `the header of its message names ${JSON.stringify(head.name)}` }
    if (opens) yield* reader.read(opener, begins)
    else cursor.rewind(begin)
    out.callDoubt = callDoubt
  }
  reading.stops = before
  if (opens) return yield* passTail(reading, rules, family)
  if (!opens) {
    out.fail('malformed')
    out.release(
      'damaged-block',
      `no call stands in the message: ${reading.expected('a block of calls')}`,
      cursor.since(from),
      from,
    )
    text.sawContent()
  }
}

/** The name of the first call is searched for this far. */
const LONGEST_TAG = 320
const NAME = /^(?:[^"'<>]{0,40}<)?[^"'<>]{0,60}name=["']([^"'<>]{1,160})["']/

/** Does the first call have the name of the header, as far as that can be seen? */
function* agrees({ cursor, out }: Reading, name: string): Read<boolean> {
  for (;;) {
    const text = cursor.window.slice(cursor.at, cursor.at + LONGEST_TAG)
    const found = NAME.exec(text)?.[1]
    if (found !== undefined)
      return plainName(givenName(out.tools, found.trim())) === plainName(givenName(out.tools, name))
    if (cursor.ended || text.length === LONGEST_TAG) return true
    yield
  }
}

/** `get_tide.get_tide` is `get_tide`. */
function plainName(name: string): string {
  const half = name.slice(0, (name.length - 1) / 2)
  return name === `${half}.${half}` ? half : name
}

/** Longer text is no misspelt closer. */
const LONGEST_TAIL = 64

/** Behind the calls only closers stand, of their block and of the message. Misspelt ones are left out, with a note. */
function* passTail(reading: Reading, rules: ChannelRules, { strays = [], innerMarkers = [] }: Family): Read<void> {
  const { cursor, out } = reading
  if (!out.settings.repair) return
  const next = messageStops(reading, rules)
  const closers = [...rules.ends, ...strays, ...innerMarkers]
  for (;;) {
    const text = cursor.window.slice(cursor.at, cursor.at + LONGEST_TAIL)
    const at = next.find(text, 0, cursor.ended)
    if (next.hit === undefined && !cursor.ended && text.length < LONGEST_TAIL) {
      yield
      continue
    }
    const tail = text.slice(0, at)
    if (next.hit !== undefined && tail.trim() === '') return
    const isAll = next.hit !== undefined || (cursor.ended && text.length < LONGEST_TAIL)
    if (!isAll || !closers.some((closer) => standsFor(tail.trim(), closer))) return
    const from = cursor.offset
    cursor.at += at
    out.note('stray-marker', 'a misspelt closer behind calls was left out', from, cursor.offset)
    return
  }
}

/** What ends the calls of a message from outside. */
function messageStops({ grammar, format }: Reading, { start, channel, ends }: ChannelRules): Matcher<string> {
  return new Matcher(
    grammar.once('stops in messages', () =>
      markerSet([start, ...(channel === undefined ? [] : [channel]), ...ends, ...format.stops]),
    ),
  )
}
