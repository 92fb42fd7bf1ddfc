import { INVISIBLE, nameOfInvisible } from '../explain/invisible.js'
import { el, type Markup } from './markup.js'

/** Which blanks get a sign before them, beside what one cannot see anyway. */
export type BlankSigns = 'none' | 'breaks' | 'all'

const SIGNS: Readonly<Record<string, string>> = { '\n': 'break', '\t': 'tab' }

/**
 * Text in which every character can be seen: those that one cannot see as their names, line breaks, tabs and spaces (on
 * request) with a sign, which is not copied. Its direction of writing is its own.
 */
export function charactersView(text: string, blanks: BlankSigns): Markup {
  return el('bdi', {}, ...pieces(text, blanks))
}

function* pieces(text: string, blanks: BlankSigns): Generator<Markup> {
  let at = 0
  for (const { 0: character, index } of text.matchAll(INVISIBLE)) {
    const sign = SIGNS[character]
    if (sign !== undefined && blanks === 'none') continue
    yield* spaces(text.slice(at, index), blanks)
    yield sign === undefined
      ? el('i', { class: 'unseen', title: numberOf(character) }, nameOfInvisible(character))
      : el('i', { class: sign }, character)
    at = index + character.length
  }
  yield* spaces(text.slice(at), blanks)
}

function* spaces(text: string, blanks: BlankSigns): Generator<Markup> {
  if (blanks !== 'all') yield text
  else for (const character of text) yield character === ' ' ? el('i', { class: 'space' }, ' ') : character
}

function numberOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
