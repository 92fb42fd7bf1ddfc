import type { Markup } from './markup.js'

/** Puts markup in place of what an element holds. Text becomes text nodes: it is never read as HTML. */
export function fill(parent: Element, markup: Markup): void {
  const fragment = document.createDocumentFragment()
  append(fragment, markup)
  parent.replaceChildren(fragment)
}

function append(parent: Node, markup: Markup): void {
  if (typeof markup === 'string') parent.appendChild(document.createTextNode(markup))
  else if (isList(markup)) for (const one of markup) append(parent, one)
  else {
    const element = document.createElement(markup.tag)
    for (const [name, value] of Object.entries(markup.attributes)) element.setAttribute(name, value)
    append(element, markup.children)
    parent.appendChild(element)
  }
}

function isList(markup: Markup): markup is readonly Markup[] {
  return Array.isArray(markup)
}

/** The element of the page with this id. */
export function byId<Name extends keyof HTMLElementTagNameMap>(id: string, tag: Name): HTMLElementTagNameMap[Name] {
  const element = document.getElementById(id)
  if (element?.localName !== tag) throw new Error(`the page has no <${tag} id="${id}">`)
  return element as HTMLElementTagNameMap[Name]
}
