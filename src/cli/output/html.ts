import type { Markup } from '../../playground/markup.js'

/** Markup as HTML. */
export function toHtml(markup: Markup): string {
  if (typeof markup === 'string') return escapeHtml(markup)
  if (isList(markup)) return markup.map(toHtml).join('')
  const { tag, attributes, children } = markup
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
  return `<${tag}${written.join('')}>${children.map(toHtml).join('')}</${tag}>`
}

function isList(markup: Markup): markup is readonly Markup[] {
  return Array.isArray(markup)
}

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
