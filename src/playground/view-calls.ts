import type { Evidence, ParseResult, Repair, Status, ToolCall } from '../event/event.js'
import { REPAIR_KINDS } from '../event/repair-kinds.js'
import { count, el, type Markup, when } from './markup.js'
import type { Places } from './places.js'
import { charactersView } from './view-characters.js'
import { cutAt } from './view-text.js'
import { valueView } from './view-value.js'

const MOST_CALLS = 50
const MOST_REPAIRS = 20
const LONGEST_ARGUMENTS = 20_000

/** Where a call stood, in words. */
const EVIDENCE: Readonly<Record<Evidence, string>> = {
  marker: 'after a marker',
  bare: 'bare, without a marker',
  fenced: 'in a code fence',
  'unclosed-reasoning': 'in reasoning that never closed',
}

/** All calls of a result in the order of the text: each with its status, what is known of it, its arguments and repairs. */
export function callsView({ toolCalls, incomplete }: ParseResult, places: Places): Markup {
  const calls = [...toolCalls, ...incomplete].sort((a, b) => a.index - b.index)
  if (calls.length === 0) return el('p', { class: 'soft' }, 'None.')
  const shown = calls.slice(0, MOST_CALLS)
  const message = `Showing the first ${MOST_CALLS} of ${calls.length.toLocaleString('en')} calls.`
  return [
    el('ol', { class: 'calls' }, ...shown.map((call) => callView(call, places))),
    when(shown.length < calls.length, () => el('p', { class: 'not-drawn' }, message)),
  ]
}

function callView(call: ToolCall, places: Places): Markup {
  const facts: Markup[] = [
    ['call ', String(call.index)],
    ['at ', places.link(call.from)],
    EVIDENCE[call.evidence],
    ...(call.known ? [] : [el('strong', {}, 'not among the tools')]),
    ['id ', el('code', {}, charactersView(call.id, 'breaks'))],
  ]
  if (call.nativeId !== undefined && call.nativeId !== call.id)
    facts.push(['id in the text ', el('code', {}, charactersView(call.nativeId, 'breaks'))])
  return el(
    'li',
    { class: `call ${call.status}` },
    el('h3', {}, el('code', {}, charactersView(call.name, 'breaks')), ' ', statusView(call.status)),
    el('p', { class: 'facts' }, ...facts.flatMap((fact, i): Markup[] => (i === 0 ? [fact] : [' · ', fact]))),
    call.status === 'complete' ? argumentsView(call) : sourceView(call.argumentsText, 'Arguments so far', true),
    repairsView(call.repairs, places),
    when(call.status === 'complete' && call.argumentsText !== '{}', () =>
      sourceView(call.argumentsText, 'Arguments as text', false),
    ),
  )
}

function argumentsView(call: ToolCall): Markup {
  return Object.keys(call.arguments).length === 0
    ? el('p', { class: 'soft' }, 'no arguments')
    : valueView(call.arguments)
}

function sourceView(text: string, title: string, open: boolean): Markup {
  if (text === '') return el('p', { class: 'soft' }, 'no arguments came')
  const end = cutAt(text, LONGEST_ARGUMENTS)
  return el(
    'details',
    open ? { open: '' } : {},
    el('summary', {}, `${title} (${count(text.length, 'character')})`),
    el(
      'pre',
      {},
      charactersView(text.slice(0, end), 'none'),
      when(end < text.length, () => el('i', { class: 'cut' }, ` … ${count(text.length - end, 'character')} more`)),
    ),
  )
}

/** How something ended, in words and with a sign. */
export function statusView(status: Status): Markup {
  const words = status === 'complete' ? '✓ complete' : `✗ ${status}, not to be run`
  return el('span', { class: `status ${status}` }, words)
}

/** Repairs that are the same but for their place are told once: models that write single quotes write many. */
function repairsView(repairs: readonly Repair[], places: Places): Markup {
  const groups = new Map<string, Repair[]>()
  for (const repair of repairs) {
    const key = JSON.stringify([repair.kind, repair.before, repair.after])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [repair])
    else group.push(repair)
  }
  if (groups.size === 0) return []
  const shown = [...groups.values()].slice(0, MOST_REPAIRS)
  return [
    el('h4', {}, count(repairs.length, 'repair')),
    el('ul', { class: 'repairs' }, ...shown.map((group) => repairView(group, places))),
    when(shown.length < groups.size, () =>
      el('p', { class: 'not-drawn' }, `Showing ${MOST_REPAIRS} of ${groups.size} kinds.`),
    ),
  ]
}

function repairView(group: readonly Repair[], places: Places): Markup {
  const [{ kind, from, before, after }] = group as readonly [Repair]
  const means = Object.hasOwn(REPAIR_KINDS, kind) ? REPAIR_KINDS[kind as keyof typeof REPAIR_KINDS].means : ''
  return el(
    'li',
    {},
    el('code', {}, kind),
    ' at ',
    places.link(from),
    when(group.length > 1, () => ` and ${count(group.length - 1, 'time')} more`),
    ': ',
    changed(before),
    ' read as ',
    changed(after),
    el('div', { class: 'soft' }, means),
  )
}

function changed(text: string): Markup {
  if (text === '') return 'nothing'
  const end = cutAt(text, 60)
  return el('code', {}, charactersView(text.slice(0, end), 'breaks'), end < text.length ? '…' : '')
}
