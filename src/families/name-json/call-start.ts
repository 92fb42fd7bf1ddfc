import { CallMarks, type Mark, type MarkGrammar, markSetsOf } from '../../engine/call-marks.js'
import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { wordEnd } from '../../values/json/json-characters.js'
import { type CallHead, type CallHeadResult, LONGEST_HEAD, type ReadCallHead } from './call-head.js'

/** Shorter words may be the beginning of anything that stands before a name: of `function`. */
const SHORT_WORD = 16

/** Says which marker or header of a call stands at the cursor. */
export class CallStart {
  private made: CallMarks | undefined
  /** The header that was found last, and where: it is asked for before a call is opened, and when it is read. */
  private found: CallHead | undefined
  private foundAt = -1

  constructor(
    private readonly reading: Reading,
    private readonly markGrammar: MarkGrammar,
    private readonly kinds: ReadonlyMap<string, Mark>,
    private readonly head: ReadCallHead,
  ) {}

  /** The markers that a text is searched for, if a call was looked for in it. */
  get madeMarks(): CallMarks | undefined {
    return this.made
  }

  /** Made when a call is first looked for: most texts have none. */
  get marks(): CallMarks {
    this.made ??= this.makeMarks()
    return this.made
  }

  /** By itself, since a function that holds a closure makes room for it each time it runs. */
  private makeMarks(): CallMarks {
    const { grammar, format } = this.reading
    const sets = grammar.once(this.kinds, () => markSetsOf(this.markGrammar, this.kinds, format))
    return new CallMarks(this.kinds, sets)
  }

  /** May the text have been cut in the name of a tool that was given? */
  mayBeName(): boolean {
    const { cursor, out } = this.reading
    const word = cursor.window.slice(cursor.at, wordEnd(cursor.window, cursor.at))
    return (
      !out.tools.given || word === '' || out.tools.has(word) || out.tools.startsName(word) || word.length < SHORT_WORD
    )
  }

  /** Was the text cut in the marker of a section's first call? Then the cursor goes to its end: the section was cut. */
  isCutMarker(): boolean {
    const { cursor } = this.reading
    const rest = cursor.window.slice(cursor.at)
    if (!cursor.ended || rest.length >= LONGEST_HEAD) return false
    const cut = [...this.kinds].some(([marker, kind]) => kind === 'call' && marker.startsWith(rest))
    if (cut) cursor.at = cursor.window.length
    return cut
  }

  /** The header that stands here; `cut` at the end of the text. */
  peekHead(): CallHeadResult | 'cut' {
    const { cursor, out } = this.reading
    if (this.foundAt === cursor.offset) return this.found as CallHead
    const text = cursor.window.slice(cursor.at, cursor.at + LONGEST_HEAD)
    const head = this.head(text)
    if (typeof head === 'object') {
      const given = head.respelled !== undefined && !out.settings.repair ? 'text' : givenHead(head, out)
      if (typeof given === 'object') {
        this.found = given
        this.foundAt = cursor.offset
      }
      return given
    }
    if (head !== WAIT) return head
    if (text.length === LONGEST_HEAD) return 'text'
    return cursor.ended ? 'cut' : WAIT
  }

  /** The marker that stands here, or what else ends a call; undefined for none. */
  *marker(): Read<string | undefined> {
    const { matcher } = this.marks
    const wait = this.reading.wait(matcher)
    if (!wait.scan()) yield wait
    return this.accepted(matcher.hit)
  }

  peekMarker(): string | undefined | typeof WAIT {
    const marker = this.reading.at(this.marks.matcher)
    return marker === WAIT ? WAIT : this.accepted(marker)
  }

  /** Without repairs, no marker counts in another spelling. */
  accepted(marker: string | undefined): string | undefined {
    if (marker === undefined || this.reading.out.settings.repair) return marker
    return this.marks.of(marker) === undefined || this.marks.isNative(marker) ? marker : undefined
  }
}

/** A header that was meant otherwise than it is written is one of a given tool only. */
function givenHead(head: CallHead, { tools, settings }: Reading['out']): CallHeadResult {
  const { meant, orElse = 'text' } = head
  if (meant === undefined) return head
  const isOther = typeof orElse === 'object' && tools.given && tools.has(orElse.name)
  return settings.repair && tools.given && tools.has(head.name) && !isOther ? head : orElse
}

const HEADER_REMAINS = /^[^\s<>{}[\]"'`,]{1,128}[^<{"'`\n]{0,20}/
const OBJECT_BEGINS = /^\{\s{0,20}/

/** `get_weatherARGS]{"city": …`: something like a name and an object, right after a marker. */
export function objectFollowsName({ cursor: { window, at, ended } }: Reading): boolean | typeof WAIT {
  const text = window.slice(at, at + LONGEST_HEAD)
  const more = ended || text.length === LONGEST_HEAD ? false : WAIT
  const name = HEADER_REMAINS.exec(text)?.[0].length ?? 0
  if (name === 0) return text === '' ? more : false
  const rest = text.slice(name)
  if (rest === '') return more
  const brace = OBJECT_BEGINS.exec(rest)?.[0].length ?? 0
  if (brace === 0) return false
  return rest.length === brace ? more : `"'}`.includes(rest[brace] as string)
}
