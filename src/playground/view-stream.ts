import type { ParseEvent } from '../event/event.js'
import { count, el, type Markup, when } from './markup.js'
import type { Moment, Stream } from './stream.js'
import { charactersView } from './view-characters.js'
import { cutAt } from './view-text.js'

/** Events and characters that are drawn: those round the present. */
const MOST_EVENTS = 60
const BEFORE = 600
const BEHIND = 200
const MOST_LINES = 12

/** Where the stream is, in one line. */
export function stepInWords({ steps, text }: Stream, { step, fed, fresh, ended }: Moment): string {
  if (step === 0) return 'Nothing sent yet'
  const sent = `${fed.toLocaleString('en')} of ${count(text.length, 'character')}`
  const what = ended ? 'The end' : `Chunk ${step.toLocaleString('en')} of ${(steps - 1).toLocaleString('en')}`
  return `${what}: ${sent}, ${count(fresh, 'event')}`
}

/** The text round the place that the stream has come to: what was told, what is held back, what is to come. */
export function frontView({ text }: Stream, { fed, told, ended }: Moment): Markup {
  const from = Math.max(0, cutAt(text, told - BEFORE))
  const heldFrom = Math.max(told, cutAt(text, fed - BEFORE))
  const to = cutAt(text, fed + BEHIND)
  const held = fed - told
  return [
    when(from > 0, () => el('i', { class: 'cut' }, `${count(from, 'character')} before … `)),
    el('span', {}, charactersView(text.slice(from, told), 'none')),
    when(held > 0 && !ended, () =>
      el(
        'mark',
        { class: 'held' },
        when(heldFrom > told, () => el('i', { class: 'cut' }, `${count(heldFrom - told, 'character')} … `)),
        charactersView(text.slice(heldFrom, fed), 'breaks'),
      ),
    ),
    when(held > 0 && ended, () => el('span', {}, charactersView(text.slice(heldFrom, fed), 'none'))),
    el('span', { class: 'front' }),
    el('span', { class: 'coming' }, charactersView(text.slice(fed, to), 'none')),
    when(to < text.length, () => el('i', { class: 'cut' }, ` … ${count(text.length - to, 'character')} to come`)),
  ]
}

/** What a client has at that moment. */
export function clientView({ content, reasoning, calls }: Moment): Markup {
  return el(
    'dl',
    { class: 'client' },
    when(reasoning, () => [el('dt', {}, 'Reasoning'), el('dd', {}, tailView(reasoning))]),
    el('dt', {}, 'Content'),
    el('dd', {}, content === '' ? el('span', { class: 'soft' }, 'none yet') : tailView(content)),
    ...calls
      .slice(-20)
      .map(({ name, text, state }) => [
        el(
          'dt',
          {},
          'Call ',
          el('code', {}, charactersView(name, 'breaks')),
          ' ',
          el('span', { class: `status ${state}` }, state),
        ),
        el('dd', {}, tailView(text)),
      ]),
  )
}

function tailView(text: string): Markup {
  const from = cutAt(text, Math.max(0, text.length - BEFORE))
  const lines = text.slice(from).split('\n')
  const tail = lines.slice(-MOST_LINES).join('\n')
  return [from > 0 || lines.length > MOST_LINES ? '… ' : '', charactersView(tail, 'none')]
}

/** The events up to that moment, the newest first; those of the present step are marked. */
export function eventsView({ events }: Stream, { step, events: reached }: Moment): Markup {
  const shown = events.slice(Math.max(0, reached - MOST_EVENTS), reached).reverse()
  if (shown.length === 0) return el('p', { class: 'soft' }, 'No events yet.')
  const rows = shown.map(({ step: at, event }) =>
    el(
      'tr',
      at === step ? { class: 'now' } : {},
      el('td', {}, `${at === step ? '▸ ' : ''}${at.toLocaleString('en')}`),
      el('td', {}, event.type),
      el('td', {}, ...detailOf(event)),
      el('td', {}, `${event.from}–${event.to}`),
    ),
  )
  const left = reached - shown.length
  return [
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el('tr', {}, ...['chunk', 'event', 'carries', 'where'].map((name) => el('th', { scope: 'col' }, name))),
      ),
      el('tbody', {}, ...rows),
    ),
    when(left > 0, () => el('p', { class: 'not-drawn' }, `and ${count(left, 'earlier event')}`)),
  ]
}

function detailOf(event: ParseEvent): Markup[] {
  switch (event.type) {
    case 'content':
    case 'reasoning':
      return [quoted(event.text)]
    case 'call-start':
      return [`call ${event.index}, `, quoted(event.name), event.known ? '' : ', not among the tools']
    case 'arguments':
      return [`call ${event.index}, `, quoted(event.delta)]
    case 'call-end':
      return [`call ${event.index}, ${event.call.status}`]
    case 'note':
      return [`${event.code}: `, charactersView(event.message, 'breaks')]
    case 'end':
      return [`${event.status}, `, quoted(event.format)]
  }
}

function quoted(text: string): Markup {
  const end = cutAt(text, 120)
  return el('code', {}, charactersView(text.slice(0, end), 'breaks'), end < text.length ? '…' : '')
}
