import type { Note, NoteCode, ParseResult, ToolCall } from '../event/event.js'
import { offsetIn, type PlaceName, placeNames, withPlace } from './place-names.js'

/** If one marker was meant as text, the next ones are too: advice names only this many. */
const MOST_MARKERS = 3
/** No more advice than this is shown, so that it does not bury the result. */
const MOST_ADVICE = 8

/** One piece of advice: what happened and what to do, and the offset that it is about. */
export interface Advice {
  readonly words: string
  readonly at?: number
}

/** Notes that always become advice, and what to do about each; empty if that is obvious. */
const ADVICE: Partial<Record<NoteCode, string>> = {
  'damaged-block': 'ask the model again',
  'truncated-reasoning': 'give the model more tokens',
  'stripped-markers': '',
  'escaped-markers': 'give callsift the text as the model wrote it',
  'unknown-tool': 'give it (--tools), or do not run the call',
  'argument-type': '',
  'looks-like-call': 'ask the model again',
  'unread-call': 'let the engine parse it, or describe its format with defineFormat',
  'missing-argument': 'ask the model again',
  'implicit-reasoning':
    'the prompt may have opened it. If so, give --start-in-reasoning to callsift parse, explain or proxy (in code startInReasoning: true)',
  'draft-only': 'a draft is not a call. Ask the model again',
  'refused-call': '',
  'parallel-calls': '',
}

/** Notes that tell what became of a call, where there is no other advice. */
const WITHOUT_CALLS: ReadonlySet<NoteCode> = new Set(['tool-choice', 'dropped-text', 'stray-marker'])

/** Why a call could not be read: what was expected where reading stopped. */
export function whyDamaged(call: ToolCall, notes: readonly Note[]): string {
  const note = notes.find(({ code, from, to }) => code === 'damaged-call' && from < call.to && to > call.from)
  const [, reason] = note?.message.split(' cannot be read: ') ?? []
  return reason ?? 'it could not be read'
}

/** What a caller who expects calls should know first: what happened and what to do, each with one place. */
export function adviceOn(result: ParseResult, text: string): Advice[] {
  const { notes, toolCalls, incomplete, status, format } = result
  const place = placeNames(text)
  const advice = [...aboutFormat(result, place), ...aboutLimits(notes, place)]
  for (const call of incomplete) advice.push(aboutCall(call, notes, text, place))
  let markers = 0
  for (const note of notes) {
    const what = ADVICE[note.code]
    const add = (remedy: string) => {
      const cause = withPlace(note.message, note.from, place) + quoteHint(note.message, text)
      advice.push({ words: remedy === '' ? cause : `${cause}: ${remedy}`, at: offsetIn(note.message) ?? note.from })
    }
    if (what !== undefined) {
      if (!isOfCall(note, incomplete)) add(what)
    } else if (note.code === 'truncated-call' && incomplete.length === 0) {
      add('give the model more tokens')
    } else if (note.code === 'marker-in-text' && toolCalls.length === 0) {
      if (++markers <= MOST_MARKERS) add('')
    } else if (toolCalls.length === 0 && (note.code === 'quoted-call' || note.code === 'draft')) add('')
  }
  if (markers > MOST_MARKERS) {
    advice.push({ words: `${markers - MOST_MARKERS} more markers like these: see the notes` })
  }
  if (advice.length === 0 && toolCalls.length === 0) {
    for (const { code, message, from } of notes)
      if (WITHOUT_CALLS.has(code)) advice.push({ words: withPlace(message, from, place), at: from })
  }
  if (advice.length === 0 && toolCalls.length === 0 && status === 'complete') {
    const found = format === 'auto' ? 'no format finds one' : `nothing in it looks like one of ${format}`
    advice.push({
      words: `no call in this text: ${found}. If you expect one, look at what the server sends: it may have parsed the call itself, or removed special tokens`,
    })
  }
  const distinct = [...new Map(advice.map((one) => [one.words, one])).values()]
  const left = distinct.length - MOST_ADVICE
  return left > 0
    ? [...distinct.slice(0, MOST_ADVICE), { words: `${left} more like these: see the calls and the notes` }]
    : distinct
}

/** Names the other format that the text looks like. */
function aboutFormat({ notes, toolCalls, format }: ParseResult, place: PlaceName): Advice[] {
  const other = notes.find((note) => note.code === 'looks-like')
  if (other === undefined) return []
  const id = other.message.slice(other.message.lastIndexOf(' ') + 1)
  const what = toolCalls.length === 0 ? 'no call' : 'not all calls'
  const words = `parsed as ${format}: ${what}. This looks like ${id} (evidence at ${place(other.from)}). Try --format ${id}`
  return [{ words, at: other.from }]
}

function aboutLimits(notes: readonly Note[], place: PlaceName): Advice[] {
  const limits = notes.filter(({ code }) => code === 'limit')
  const [limit] = limits
  if (limit === undefined) return []
  const more = limits.length > 1 ? `; ${limits.length - 1} more notes about limits` : ''
  return [{ words: `${withPlace(limit.message, limit.from, place)}${more}`, at: limit.from }]
}

/** A call that is not complete. */
function aboutCall(call: ToolCall, notes: readonly Note[], text: string, place: PlaceName): Advice {
  const head = `call ${call.index} of ${call.name} is ${call.status}`
  if (call.status === 'truncated') {
    // Behind the last character that can be seen: a line break at the end would put the caret on an empty line.
    const at = call.from + text.slice(call.from, call.to).trimEnd().length
    return { words: `${head}: the text ended inside it; give the model more tokens`, at }
  }
  const refused = notes.find(({ code, from, to }) => code === 'refused-call' && from === call.from && to === call.to)
  if (refused !== undefined) return { words: withPlace(refused.message, refused.from, place), at: refused.from }
  const why = whyDamaged(call, notes)
  const beside = /^("[^"]{1,64}") stands where its arguments should be$/.exec(why)?.[1]
  if (beside !== undefined) {
    const what = `its arguments stand under ${beside}, which the schema of the tool does not explain`
    const words = `${head}: ${what} (${place(call.from)}); give the tool's schema (--tools), or ask the model again`
    return { words, at: call.from }
  }
  const words = `${head}: ${withPlace(why, call.from, place)}${quoteHint(why, text)}; ask the model again`
  return { words, at: offsetIn(why) ?? call.from }
}

/** Does the advice on an incomplete call say the same as this note? */
function isOfCall({ code, from, to }: Note, incomplete: readonly ToolCall[]): boolean {
  if (code !== 'refused-call' && code !== 'missing-argument') return false
  return incomplete.some((call) => call.from === from && call.to === to)
}

/** `{"a": "say "hi""}`: a word right behind the quote that closed a string. */
function quoteHint(message: string, text: string): string {
  const at = offsetIn(message)
  if (at === undefined || !/expected (?:`,`|`:`|a closing|more)/.test(message)) return ''
  return /["']$/.test(text.slice(Math.max(0, at - 1), at)) && /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2))
    ? ', perhaps because of an unescaped quote before it'
    : ''
}
