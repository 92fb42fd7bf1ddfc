/**
 * A piece of a page as a value. The page of `callsift explain` writes it as HTML, the playground makes elements of it, so
 * both show the same. Text is always text: nothing in it is ever read as markup.
 */
export type Markup = string | Piece | readonly Markup[]

/** An element. Names of tags and attributes are our own; only attributes' values and text may come from a model. */
export interface Piece {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Markup[]
}

/**
 * Makes an element.
 * @example el('p', { class: 'soft' }, 'at ', el('b', {}, '1:6'))
 */
export function el(tag: string, attributes: Piece['attributes'] = {}, ...children: readonly Markup[]): Piece {
  return { tag, attributes, children }
}

/** The markup, unless there is no reason for it. */
export function when(reason: unknown, markup: () => Markup): Markup {
  return reason ? markup() : []
}

/** A number with its noun: `1 note`, `2 notes`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}
