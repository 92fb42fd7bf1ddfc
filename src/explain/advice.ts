import type { Note, NoteCode, ParseResult, ToolCall } from '../event/event.js'
import { offsetIn, type PlaceName, placeNames, withPlace } from './place-names.js'

/** If one marker was meant as text, the next ones are too: advice names only this many. */
const MOST_MARKERS = 3
/** No more advice than this is shown, so that it does not bury the result. */
const MOST_ADVICE = 8

/** Notes that always become advice, and what to do about each; empty if that is obvious. */
const ADVICE: Partial<Record<NoteCode, string>> = {
  'damaged-block': '',
  'truncated-reasoning': 'give the model more tokens',
  'stripped-markers': '',
  'unknown-tool': '',
  'argument-type': '',
  'looks-like-call': 'ask the model again',
  'missing-argument': '',
  'implicit-reasoning': 'the prompt may have opened it. Try --start-in-reasoning',
  'draft-only': 'a draft makes no call. Ask the model again',
  'refused-call': '',
  'parallel-calls': '',
}

/** Why a call could not be read: what was expected where reading stopped. */
export function whyDamaged(call: ToolCall, notes: readonly Note[]): string {
  const note = notes.find(({ code, from, to }) => code === 'damaged-call' && from < call.to && to > call.from)
  const [, reason] = note?.message.split(' cannot be read: ') ?? []
  return reason ?? 'it could not be read'
}

/** What a caller who expects calls should know first: what happened and what to do, each with one place. */
export function adviceOn(result: ParseResult, text: string): string[] {
  const { notes, toolCalls, incomplete, status, format } = result
  const place = placeNames(text)
  const advice = [...aboutFormat(result, place), ...aboutLimits(notes, place)]
  for (const call of incomplete) advice.push(aboutCall(call, notes, text, place))
  let markers = 0
  for (const note of notes) {
    const what = ADVICE[note.code]
    const line = withPlace(note.message, note.from, place) + quoteHint(note.message, text)
    if (what !== undefined) {
      if (!isOfCall(note, incomplete)) advice.push(what === '' ? line : `${line}: ${what}`)
    } else if (note.code === 'truncated-call' && incomplete.length === 0) {
      advice.push(`${line}: give the model more tokens`)
    } else if (note.code === 'marker-in-text' && toolCalls.length === 0) {
      if (++markers <= MOST_MARKERS) advice.push(line)
    } else if (toolCalls.length === 0 && (note.code === 'quoted-call' || note.code === 'draft')) advice.push(line)
  }
  if (markers > MOST_MARKERS) advice.push(`${markers - MOST_MARKERS} more such markers: the notes have them`)
  if (advice.length === 0 && toolCalls.length === 0 && status === 'complete')
    advice.push(
      `no call in this text: ${format === 'auto' ? 'no format finds one' : `nothing in it looks like one of ${format}`}`,
    )
  const distinct = [...new Set(advice)]
  const left = distinct.length - MOST_ADVICE
  return left > 0
    ? [...distinct.slice(0, MOST_ADVICE), `${left} more such: the calls and the notes have them`]
    : distinct
}

/** Names the other format that the text looks like. */
function aboutFormat({ notes, toolCalls, format }: ParseResult, place: PlaceName): string[] {
  const other = notes.find((note) => note.code === 'looks-like')
  if (other === undefined) return []
  const id = other.message.slice(other.message.lastIndexOf(' ') + 1)
  const what = toolCalls.length === 0 ? 'no call' : 'not all calls'
  return [`parsed as ${format}: ${what}. This looks like ${id} (evidence at ${place(other.from)}). Try --format ${id}`]
}

function aboutLimits(notes: readonly Note[], place: PlaceName): string[] {
  const limits = notes.filter(({ code }) => code === 'limit')
  const [limit] = limits
  if (limit === undefined) return []
  const more = limits.length > 1 ? `; ${limits.length - 1} more notes tell of limits` : ''
  return [`${withPlace(limit.message, limit.from, place)}${more}`]
}

/** A call that is not complete. */
function aboutCall(call: ToolCall, notes: readonly Note[], text: string, place: PlaceName): string {
  const head = `call ${call.index} of ${call.name} is ${call.status}`
  if (call.status === 'truncated') return `${head}: the text ended inside it; give the model more tokens`
  const refused = notes.find(({ code, from, to }) => code === 'refused-call' && from === call.from && to === call.to)
  if (refused !== undefined) return withPlace(refused.message, refused.from, place)
  const why = whyDamaged(call, notes)
  const beside = /^("[^"]{1,64}") stands in the place of its arguments$/.exec(why)?.[1]
  if (beside !== undefined) {
    const what = `its arguments stand under ${beside}, which the schema of the tool does not explain`
    return `${head}: ${what} (${place(call.from)}); give the tool's schema (--tools), or ask the model again`
  }
  return `${head}: ${withPlace(why, call.from, place)}${quoteHint(why, text)}; ask the model again`
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
