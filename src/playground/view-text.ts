import { type ExplainedSpan, ORDINARY } from '../explain/explain.js'
import { KINDS, titleOf } from './kinds.js'
import { count, el, type Markup, type Piece } from './markup.js'
import { idOfStretch, type Places } from './places.js'
import { charactersView } from './view-characters.js'

/** How much of a text is drawn: browsers get slow beyond some thousand elements. */
export interface DrawLimits {
  readonly stretches: number
  /** Characters of one stretch; of a longer one the beginning and the end are drawn. */
  readonly characters: number
}

/** What the colours of the text mean. */
export function legendView(): Markup {
  const entries = Object.entries(KINDS).map(([kind, means]) =>
    el('li', {}, el('span', { class: `stretch ${kind}` }, kind), el('span', { class: 'means' }, means)),
  )
  entries.splice(
    1,
    0,
    el(
      'li',
      {},
      el('span', { class: 'stretch content noted' }, 'noted'),
      el('span', { class: 'means' }, 'content that a note is about'),
    ),
  )
  return el('ul', { class: 'legend', 'aria-label': 'What the colours mean' }, ...entries)
}

/**
 * The text, each stretch in the colour of its kind and with its rule, which shows while one points at it or tabs to it.
 * @returns an element of class `text`, a link before it that skips it to `#calls-title`, and behind it what was not drawn
 */
export function textView(text: string, spans: readonly ExplainedSpan[], places: Places, limits: DrawLimits): Markup {
  const drawn = spans.slice(0, limits.stretches)
  const stretches = drawn.map((span, i) => stretchView(text.slice(span.from, span.to), span, i, places, limits))
  const box = el('div', { class: 'text', role: 'group', 'aria-label': 'The text, stretch by stretch' }, ...stretches)
  // Many stretches are many stops of the Tab key.
  const skip = el('a', { class: 'skip', href: '#calls-title' }, 'Skip the text')
  const left = spans[drawn.length]?.from
  if (left === undefined) return [skip, box]
  const all = count(spans.length, 'stretch').replace(/stretchs$/, 'stretches')
  const message = `Showing the first ${drawn.length.toLocaleString('en')} of ${all}, up to ${places.of(left)}. Calls and notes cover the whole text.`
  return [skip, box, el('p', { class: 'not-drawn' }, message)]
}

function stretchView(text: string, span: ExplainedSpan, index: number, places: Places, limits: DrawLimits): Piece {
  const { kind, from, to, why } = span
  const title = titleOf(span)
  const isBlank = text.trim() === ''
  const blanks = isBlank ? 'all' : kind === 'content' || kind === 'reasoning' ? 'none' : 'breaks'
  const piece = (from: number, to: number) => charactersView(text.slice(from, to), blanks)
  const { characters } = limits
  const head = cutAt(text, Math.floor(characters * 0.8))
  const tail = cutAt(text, text.length - Math.floor(characters * 0.2))
  const body =
    text.length <= characters
      ? [piece(0, text.length)]
      : [
          piece(0, head),
          el('i', { class: 'cut' }, ` … ${count(tail - head, 'character')} not shown … `),
          piece(tail, text.length),
        ]
  const id = idOfStretch(index)
  const label = isBlank ? `${title}: ${count(text.length, 'blank')}` : `${title}: ${text.slice(0, cutAt(text, 200))}`
  return el(
    'span',
    {
      class: `stretch ${kind}${kind === 'content' && why !== ORDINARY ? ' noted' : ''}`,
      id,
      tabindex: '0',
      role: 'group',
      'aria-label': label,
      'aria-describedby': `${id}-why`,
      'data-kind': title,
    },
    ...body,
    el(
      'span',
      { class: 'why', id: `${id}-why` },
      el('b', { class: `chip ${kind}` }, title),
      el('span', { class: 'soft' }, `at ${places.of(from)} (${from}–${to})`),
      el('span', {}, charactersView(why, 'none')),
    ),
  )
}

/** The offset, or the one before it where it would part a surrogate pair. */
export function cutAt(text: string, offset: number): number {
  if (offset >= text.length) return text.length
  const code = text.charCodeAt(offset)
  return code >= 0xdc00 && code <= 0xdfff && offset > 0 ? offset - 1 : offset
}
