import { type ReasoningBlock, RenderError } from './format.js'
import { THINK } from './reasoning-blocks.js'

/**
 * Returns content or reasoning to render. Throws a `RenderError` if it holds a marker, which a parser would take for
 * one.
 */
export function plainText(what: string, text: string, markers: readonly string[]): string {
  const all = what === 'reasoning' ? markers : [...markers, THINK.open, THINK.close]
  const marker = all.find((marker) => text.includes(marker))
  if (marker !== undefined) throw new RenderError(`the ${what} holds ${marker}, which would be read as a marker`)
  return text
}

/** What ends the line of a text, so that a call behind it begins one: nothing where the text is empty or has ended its line. */
export function lineEnd(text: string): '' | '\n' {
  return text === '' || text.endsWith('\n') ? '' : '\n'
}

/** The reasoning to render between its markers, or nothing. Throws as `plainText` does. */
export function plainThought(
  reasoning: string,
  { open, close }: Pick<ReasoningBlock, 'open' | 'close'>,
  markers: readonly string[],
): string {
  return reasoning === '' ? '' : open + plainText('reasoning', reasoning, markers) + close
}
