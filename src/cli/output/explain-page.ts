import { createHash } from 'node:crypto'
import type { Explanation } from '../../explain/explain.js'
import { LOOK } from '../../playground/look.js'
import { el } from '../../playground/markup.js'
import { placesOf } from '../../playground/places.js'
import { callsView } from '../../playground/view-calls.js'
import { charactersView } from '../../playground/view-characters.js'
import { adviceView, notesView, summaryView } from '../../playground/view-result.js'
import { legendView, textView } from '../../playground/view-text.js'
import { escapeHtml, toHtml } from './html.js'

/** A page that is written once can hold more than one that is drawn anew with every change. */
const LIMITS = { stretches: 50_000, characters: 1_000_000 }

/** An explanation as one page that needs nothing else: no script, no font, no network. */
export function explanationPage(title: string, text: string, { spans, result, advice }: Explanation): string {
  const places = placesOf(text, spans, LIMITS.stretches)
  const body = el(
    'main',
    {},
    el('h1', {}, charactersView(title, 'breaks')),
    summaryView(result),
    adviceView(advice),
    el('h2', {}, 'Text'),
    legendView(),
    el('p', { class: 'soft' }, 'Point at a stretch, or move to it with Tab, to see the rule that decided it.'),
    textView(text, spans, places, LIMITS),
    el('h2', { id: 'calls-title', tabindex: '-1' }, 'Calls'),
    callsView(result, places),
    el('h2', {}, 'Notes'),
    notesView(result.notes, places),
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(STYLE)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} explained</title>
<style>${STYLE}</style>
${toHtml(body)}
</html>
`
}

const STYLE = `${LOOK}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 6rem}
`

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
