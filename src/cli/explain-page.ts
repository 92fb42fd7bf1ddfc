import type { ExplainedSpan, Explanation } from '../explain.js'

const KINDS = [
  'content',
  'reasoning',
  'marker',
  'name',
  'arguments',
  'separator',
  'dropped',
] as const satisfies readonly ExplainedSpan['kind'][]

/** An explanation as one page that needs nothing else: no script, no font, no network. */
export function explanationPage(title: string, text: string, { spans, result, advice }: Explanation): string {
  const body = spans.map((span) => spanOf(span, text.slice(span.from, span.to))).join('')
  const todo = advice.map((line) => `<li>${escapeHtml(line)}</li>`).join('')
  const calls = [...result.toolCalls, ...result.incomplete]
    .sort((a, b) => a.index - b.index)
    .map(
      (call) =>
        `<li><b>${escapeHtml(call.name)}</b> <span class="fact">${call.status}, ${call.evidence}${call.known ? '' : ', not a tool given'}${
          call.repairs.length > 0 ? `, ${call.repairs.length} repairs` : ''
        }</span><pre>${escapeHtml(call.status === 'complete' ? JSON.stringify(call.arguments, null, 2) : call.argumentsText)}</pre></li>`,
    )
  const notes = result.notes.map(
    ({ code, message, from }) => `<li><code>${code}</code> at ${from}: ${escapeHtml(message)}</li>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} explained</title>
<style>${STYLE}</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p><b>${escapeHtml(result.format)}</b>: ${result.status}, ${result.toolCalls.length} calls, ${result.incomplete.length} incomplete</p>
${todo === '' ? '' : `<section class="advice" aria-label="What to do"><ul>${todo}</ul></section>`}
<p class="legend">${KINDS.map((kind) => `<span class="${kind}">${kind}</span>`).join(' ')}</p>
<div class="text" dir="auto">${body}</div>
<p class="fact">Hover over a stretch, or tab to it, for the rule that decided it.</p>
<h2>Calls</h2>${calls.length > 0 ? `<ol start="0">${calls.join('')}</ol>` : '<p>none</p>'}
<h2>Notes</h2>${notes.length > 0 ? `<ul>${notes.join('')}</ul>` : '<p>none</p>'}
</main>
</html>
`
}

function spanOf({ kind, why, call, from, to }: ExplainedSpan, text: string): string {
  const rule = `${kind}${call === undefined ? '' : ` of call ${call}`} (${from}-${to}): ${why}`
  return `<span class="${kind}" tabindex="0" title="${escapeHtml(rule)}"><bdi>${escapeHtml(text).replace(CONTROL, pictured)}</bdi></span>`
}

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A character that one cannot see, by its number. */
function pictured(character: string): string {
  return `<i class="hidden">U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}</i>`
}

const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--soft:#5a5a66;--line:#d5d5dd;
--reasoning:#f0e3fa;--marker:#d9f1f5;--name:#d8f3dc;--arguments:#dfe8ff;--dropped:#ffdcd8;--separator:#ececf0}
@media (prefers-color-scheme:dark){:root{--bg:#17171b;--fg:#ececf1;--soft:#a6a6b3;--line:#3a3a44;
--reasoning:#3d2a4d;--marker:#12424b;--name:#1c4527;--arguments:#22345f;--dropped:#5b211b;--separator:#2b2b33}}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}h2{font-size:1.1rem}
.text,pre{font:14px/1.6 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:.4rem;padding:.7rem}
.text span,.legend span{border-radius:.2rem}.legend span{padding:.1rem .4rem;border:1px solid var(--line)}
.text span:focus{outline:2px solid currentColor}
${KINDS.filter((kind) => kind !== 'content')
  .map((kind) => `.${kind}{background:var(--${kind})}`)
  .join('')}
.dropped{text-decoration:line-through}.hidden{font-size:.75em;color:var(--soft);border:1px solid var(--line)}
.advice{border-left:4px solid #c98a00;padding:.2rem 1rem}.fact{color:var(--soft)}
`
