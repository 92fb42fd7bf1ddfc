import { count, el, type Markup } from './markup.js'
import { charactersView } from './view-characters.js'
import { cutAt } from './view-text.js'

/** How much of a value is shown: members in all, levels, characters of one text. */
const MOST_MEMBERS = 400
const DEEPEST = 10
const LONGEST = 4000

/** A value of JSON as a tree: a list of members, each of which can be folded if it has members itself. */
export function valueView(value: Readonly<Record<string, unknown>>): Markup {
  const left = { members: MOST_MEMBERS }
  const tree = members(value, 0, left)
  const message = `Showing ${MOST_MEMBERS} members; the text of the arguments and the shapes below have all of them.`
  return left.members < 0 ? [tree, el('p', { class: 'not-drawn' }, message)] : tree
}

function members(value: object, depth: number, left: { members: number }): Markup {
  const entries: [string, unknown][] = Object.entries(value)
  if (entries.length === 0) return el('span', { class: 'soft' }, Array.isArray(value) ? '[ ]' : '{ }')
  const items: Markup[] = []
  for (const [key, member] of entries) {
    if (left.members-- <= 0) break
    items.push(memberView(key, member, depth, left))
  }
  return el('ul', { class: 'tree' }, ...items)
}

function memberView(key: string, value: unknown, depth: number, left: { members: number }): Markup {
  const name = el('span', { class: 'key' }, charactersView(key, 'breaks'))
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return el('li', {}, name, ': ', leafView(value))
  const size = Object.keys(value).length
  const what = Array.isArray(value) ? `list of ${size}` : count(size, 'member')
  if (depth >= DEEPEST) return el('li', {}, name, ': ', el('span', { class: 'soft' }, `${what}, too deep to show`))
  const folded = el(
    'details',
    depth < 3 ? { open: '' } : {},
    el('summary', {}, name, ' ', el('span', { class: 'soft' }, what)),
    members(value, depth + 1, left),
  )
  return el('li', {}, folded)
}

function leafView(value: unknown): Markup {
  if (typeof value !== 'string') {
    if (typeof value === 'object' && value !== null) return members(value, 0, { members: 0 })
    const inexact = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    return [
      el('span', { class: 'leaf' }, String(value)),
      inexact ? el('span', { class: 'soft' }, ' (beyond 2^53: exact in the text only)') : '',
    ]
  }
  const end = cutAt(value, LONGEST)
  const shown = charactersView(value.slice(0, end), 'breaks')
  const cut = end < value.length ? el('i', { class: 'cut' }, ` … ${count(value.length - end, 'character')} more`) : ''
  return el('span', { class: 'leaf words' }, '"', shown, '"', cut)
}
