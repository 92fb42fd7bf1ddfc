import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { readArguments } from '../call-object/json-arguments.js'

const WORD = 'function'
const FENCE = '```'
const FENCES = /* @__PURE__ */ markerSet([FENCE])

/**
 * The family of DeepSeek V3 calls whose special tokens a server left out: at the beginning of a line `function` and,
 * without a space, the name of a given tool, then a fence with its arguments.
 *
 *     functionfind_bus
 *     ```json
 *     {"line": 5}
 *     ```
 */
export function strippedCall(): Family {
  return {
    openers: [{ marker: WORD, where: 'line-start', bare: true, mayOpen: fenceFollows }],
    create: (reading: Reading) => new StrippedCall(reading),
  }
}

/** Longer headers are text. */
const LONGEST_HEADER = 300

/** Does the next line begin with a fence? */
function fenceFollows(text: string, at: number): boolean {
  const line = text.slice(at, at + LONGEST_HEADER).indexOf('\n')
  return line >= 0 && text.startsWith(FENCE, at + line + 1)
}

interface Header {
  readonly nameFrom: number
  readonly nameTo: number
  /** Where the arguments begin. */
  readonly body: number
}

class StrippedCall implements FamilyReader {
  readonly expects = 'the name of a tool'
  private readonly ends = new Matcher(FENCES)

  constructor(private readonly reading: Reading) {}

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, out } = this.reading
    if (!out.tools.given || out.refusesCalls) return false
    const header = this.header()
    return header === WAIT ? WAIT : header !== undefined && out.tools.has(nameIn(cursor, header))
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const header = this.header()
    if (header === undefined || header === WAIT) return false
    const at = cursor.offset
    const name = nameIn(cursor, header)
    const evidence = reading.evidence === 'marker' ? 'bare' : reading.evidence
    out.open({ name, nameFrom: at + header.nameFrom, nameTo: at + header.nameTo, from, evidence })
    cursor.at += header.body
    const outcome = yield* readArguments(reading, this.ends)
    if (outcome === 'over') reading.closeCut()
    else if (outcome === 'damaged') yield* this.closeDamaged()
    else yield* this.closeWhole()
    return true
  }

  /** The header at the cursor, from `function` on, with offsets from there. Reads nothing. */
  private header(): Header | undefined | typeof WAIT {
    const { cursor, out } = this.reading
    const { window, at, ended } = cursor
    const text = window.slice(at, at + LONGEST_HEADER)
    const more = ended || text.length === LONGEST_HEADER ? undefined : WAIT
    const line = text.indexOf('\n')
    const name = text.slice(WORD.length, line < 0 ? undefined : line).trim()
    if (line < 0) return name === '' || out.tools.has(name) || out.tools.startsName(name) ? more : undefined
    if (name === '') return undefined
    const nameFrom = text.indexOf(name, WORD.length)
    const header = { nameFrom, nameTo: nameFrom + name.length }
    if (text.length < line + 1 + FENCE.length) return FENCE.startsWith(text.slice(line + 1)) ? more : undefined
    if (!text.startsWith(FENCE, line + 1)) return undefined
    const brace = text.indexOf('{', line)
    const label = text.slice(line + 1 + FENCE.length, brace < 0 ? undefined : brace).trim()
    if (brace < 0 ? !'json'.startsWith(label) : label !== '' && label !== 'json') return undefined
    return brace < 0 ? more : { ...header, body: brace }
  }

  private *closeWhole(): Read<void> {
    const { reading } = this
    const { cursor, out } = reading
    const to = cursor.offset
    out.close('complete', to, '')
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts(FENCE)) === WAIT) yield
    if (found === 1) cursor.at += FENCE.length
    else cursor.rewind(to)
    reading.lastCallTo = cursor.offset
  }

  private *closeDamaged(): Read<void> {
    const { cursor, out, format } = this.reading
    const why = this.reading.expected('an object of arguments')
    const hit = yield* skipTo(cursor, new Matcher(markerSet([FENCE, ...format.stops])))
    if (hit === FENCE) cursor.at += FENCE.length
    out.close('malformed', cursor.offset, why)
  }
}

function nameIn({ window, at }: Cursor, { nameFrom, nameTo }: Header): string {
  return window.slice(at + nameFrom, at + nameTo)
}
