import { CallMarks, markSetsOf, marksOf } from '../../engine/call-marks.js'
import type { CallShape } from '../../engine/call-shape.js'
import type { ChannelRules } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { END, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { tagOf } from '../../text/tag.js'
import { TagReader } from '../../text/tag-reader.js'
import { NamedCall } from '../name-json/named-call.js'
import { TaggedCall } from '../tagged/tagged-call.js'
import type { TaggedGrammar } from '../tagged/tagged-grammar.js'
import { readCode } from './code-message.js'
import type { MessageHead } from './message-head.js'

/** What is known of a call beside its header. */
export interface MessageCall {
  /** Where its message begins. */
  readonly from: number
  readonly marks: CallMarks
  readonly codeTools: readonly string[]
  readonly evidence: Evidence
  /** What was mended before its header. */
  readonly repairs?: readonly Repair[]
  /** The text of a call is an object that holds its name too. */
  readonly shape?: CallShape | undefined
  /** It is parameters in tags, unless an object stands there; and the markers between messages. */
  readonly tags?: TaggedGrammar | undefined
  /** Does the marker before which the cursor stands end code? Default: it does. */
  readonly endsCode?: () => boolean | typeof WAIT
}

/** Markers between messages, as the reader of a call looks for them. `starts`: what else begins a message. */
export function messageMarks(reading: Reading, rules: ChannelRules, starts: readonly string[] = []): CallMarks {
  const { grammar, format } = reading
  const { kinds, sets } = grammar.once(`messages ${starts.join(' ')}`, () => {
    const open = [rules.start, ...(rules.channel === undefined ? [] : [rules.channel]), ...starts]
    const ends = rules.ends.filter((end) => rules.callEnds?.includes(end) !== true)
    const call = { call: { open, close: [...(rules.callEnds ?? []), ...ends] } }
    const kinds = marksOf(call)
    return { kinds, sets: markSetsOf(call, kinds, format) }
  })
  return new CallMarks(kinds, sets)
}

/** Reads a call whose header stands at the cursor, to behind the end of its message. */
export function* readCall(reading: Reading, head: MessageHead, call: MessageCall): Read<void> {
  const { out } = reading
  const { callDoubt } = out
  if (head.doubt !== undefined) out.callDoubt ??= { status: 'malformed', why: head.doubt }
  yield* readMessageCall(reading, head, call)
  out.callDoubt = callDoubt
}

function* readMessageCall(reading: Reading, head: MessageHead, call: MessageCall): Read<void> {
  const { cursor } = reading
  const at = cursor.offset
  const source = cursor.window.slice(cursor.at, cursor.at + head.length)
  const fixes = head.fixes.map(
    ({ from, to, after }): Repair => ({
      kind: 'misspelt-header',
      from: at + from,
      to: at + to,
      before: source.slice(from, to),
      after,
    }),
  )
  const { marks, from, evidence } = call
  const repairs = [...(call.repairs ?? []), ...fixes]
  if (call.codeTools.includes(head.name) && (yield* isCode(reading, head.length))) {
    yield* readCode(reading, head, { from, evidence, repairs, marks, ends: call.endsCode })
    return
  }
  const { name, from: nameFrom, to: nameTo, length } = head
  if (call.tags !== undefined && (yield* isTagged(reading, head, call.tags))) {
    const tag = tagOf('call', length, { name, nameFrom, nameTo })
    const tags = new TagReader(call.tags.syntax, reading.out.settings.repair)
    yield* new TaggedCall(reading, call.tags, tags).read(tag, { from, evidence, repairs, guarded: false })
    const end = yield* reading.marker(marks.matcher)
    if (end !== undefined && marks.of(end) === 'call-end') cursor.at += end.length
    return
  }
  const { shape } = call
  const accepts = (other: string) => name === '' || other === name
  const named = new NamedCall(reading, {
    marks,
    fence: reading.out.settings.repair,
    end: 'closes',
    shape,
    accepts,
  })
  const opening = { from, evidence, repairs }
  if (shape === undefined) {
    yield* named.read({ name, from: nameFrom, to: nameTo, length, separated: true, body: 'arguments' }, opening)
    return
  }
  cursor.at += length
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  if (code === 0x7b)
    yield* named.read({ name, from: 0, to: 0, length: 0, separated: true, body: 'call object' }, opening)
  else if (code === END) reading.cut('the text ended before the object of a call', from)
  else yield* named.giveBack('', from)
}

/** Do parameters stand there, or what is left of their tags? Where the header says so, whatever else does, but for an object with a key in quotes. */
function* isTagged({ cursor }: Reading, { type, length }: MessageHead, { syntax }: TaggedGrammar): Read<boolean> {
  const tag = `<${syntax.parameter}`
  for (;;) {
    const { window, at, ended } = cursor
    const text = window.slice(at + length, at + length + LONGEST_SPACE).trimStart()
    const isAll = ended || window.length - at - length >= LONGEST_SPACE
    if (type === 'xml' && text !== '') {
      const behind = text.startsWith('{') ? text.slice(1).trimStart() : text
      if (behind !== '' || isAll) return behind !== '' && (behind === text || !`"'}`.includes(behind.charAt(0)))
    } else if (/^<[^|]/.test(text)) return true
    else if (text.length >= tag.length || isAll) return text.startsWith(tag) || (type === 'xml' && text === '')
    else if (text !== '' && !tag.startsWith(text)) return false
    yield
  }
}

/** At most this much white space stands before code. */
const LONGEST_SPACE = 64

/** The text of such a tool is code, unless an object with a key stands there. */
function* isCode({ cursor }: Reading, length: number): Read<boolean> {
  for (;;) {
    const { window, at, ended } = cursor
    const text = window.slice(at + length, at + length + LONGEST_SPACE).trimStart()
    const decides = text !== '' && (text.startsWith('{') ? text.slice(1).trimStart() : text) !== ''
    if (decides || ended || window.length - at - length >= LONGEST_SPACE) return !/^\{\s{0,64}["}]/.test(text)
    yield
  }
}
