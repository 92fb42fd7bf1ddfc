import { NOTE_CODES, type Note, type ParseResult } from '../event/event.js'
import { count, el, type Markup, when } from './markup.js'
import type { Places } from './places.js'
import { charactersView } from './view-characters.js'

const MOST_NOTES = 100

/**
 * What a text came to, in one line.
 * @example summaryOf(result) // 'hermes: complete, 2 calls, 1 note'
 */
export function summaryOf({ format, status, toolCalls, incomplete, notes }: ParseResult): string {
  const parts = [status, count(toolCalls.length, 'call')]
  if (incomplete.length > 0) parts.push(`${incomplete.length.toLocaleString('en')} incomplete`)
  if (notes.length > 0) parts.push(count(notes.length, 'note'))
  return `${format === 'auto' ? 'format undecided' : format}: ${parts.join(', ')}`
}

/** What to do about it, if anything. */
export function adviceView(advice: readonly string[]): Markup {
  return when(advice.length > 0, () =>
    el(
      'section',
      { class: 'advice', 'aria-label': 'What to do' },
      el('ul', {}, ...advice.map((line) => el('li', {}, charactersView(line, 'none')))),
    ),
  )
}

/** The notes, each with its place and what its code means. */
export function notesView(notes: readonly Note[], places: Places): Markup {
  if (notes.length === 0) return el('p', { class: 'soft' }, 'None.')
  const message = `Showing the first ${MOST_NOTES} of ${notes.length.toLocaleString('en')} notes.`
  return [
    el('ul', { class: 'notes' }, ...notes.slice(0, MOST_NOTES).map((note) => noteView(note, places))),
    when(notes.length > MOST_NOTES, () => el('p', { class: 'not-drawn' }, message)),
  ]
}

function noteView({ code, message, from }: Note, places: Places): Markup {
  return el(
    'li',
    {},
    el('code', {}, code),
    ' at ',
    places.link(from),
    ': ',
    charactersView(message, 'none'),
    el('div', { class: 'soft' }, NOTE_CODES[code].means),
  )
}

/** The same as `summaryOf`, with the format and the status to be seen at once. */
export function summaryView(result: ParseResult): Markup {
  const [format = '', facts = ''] = summaryOf(result).split(': ')
  const { status, notes } = result
  // Nothing is wrong with a text that another format reads, but nothing was found in it either.
  const missed = status === 'complete' && notes.some(({ code }) => code === 'looks-like')
  const sign = missed ? '!' : status === 'complete' ? '✓' : '✗'
  return el(
    'p',
    { class: 'summary' },
    el('b', { class: 'format' }, charactersView(format, 'breaks')),
    ' ',
    el('span', { class: `status ${missed ? 'missed' : status}` }, `${sign} ${facts}`),
  )
}
