import type { ExplainedSpan } from '../explain/explain.js'
import { placesIn } from '../explain/json-place.js'
import { el, type Markup } from './markup.js'

/** Tells offsets of a text as people count them. */
export interface Places {
  /** `2:5`: line and column. */
  of(offset: number): string
  /** The same, as a link to the stretch that stands there. */
  link(offset: number): Markup
}

/** The places of a text of which so many stretches are drawn. */
export function placesOf(text: string, spans: readonly ExplainedSpan[], drawn: number): Places {
  const place = placesIn(text)
  const of = (offset: number) => {
    const { line, column } = place(offset)
    return `${line}:${column}`
  }
  return {
    of,
    link(offset) {
      const index = stretchAt(spans, offset)
      return index < drawn ? el('a', { class: 'place', href: `#${idOfStretch(index)}` }, of(offset)) : of(offset)
    },
  }
}

/** The id of the element that shows a stretch. */
export function idOfStretch(index: number): string {
  return `stretch-${index}`
}

/** The index of the span that an offset stands in; the last one for the end of the text. */
function stretchAt(spans: readonly ExplainedSpan[], offset: number): number {
  let low = 0
  for (let beyond = spans.length; beyond - low > 1; ) {
    const middle = (low + beyond) >>> 1
    if ((spans[middle]?.from ?? 0) <= offset) low = middle
    else beyond = middle
  }
  return low
}
