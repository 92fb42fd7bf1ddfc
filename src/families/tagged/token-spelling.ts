import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import type { Tag, TagSyntax } from '../../text/tag.js'

/**
 * The repair of a tag whose token is spelt in another way than the model was taught: `<|DSML|invoke name="f">`. Undefined where
 * it is spelt as the format spells it. A space behind the token is a version's own way.
 * @param text the tag
 * @param from where it stands
 */
export function tokenSpelling(text: string, from: number, { token }: TagSyntax, word: string): Repair | undefined {
  if (token === undefined || isOwn(text, token, word)) return undefined
  const end = text.indexOf(word)
  if (end < 0) return undefined
  const before = text.slice(0, end).trimEnd()
  const pipe = token.pipes.charAt(0)
  const after = `<${before.includes('/') ? '/' : ''}${pipe}${token.word}${pipe}`
  return before === after ? undefined : { kind: 'marker-spelling', from, to: from + before.length, before, after }
}

/** Nearly always it is. */
function isOwn(text: string, { pipes, word: token }: NonNullable<TagSyntax['token']>, word: string): boolean {
  const from = text.charAt(1) === '/' ? 2 : 1
  const to = from + 1 + token.length
  const pipe = pipes.charAt(0)
  if (text.charAt(from) !== pipe || !text.startsWith(token, from + 1) || text.charAt(to) !== pipe) return false
  return text.startsWith(word, text.charAt(to + 1) === ' ' ? to + 2 : to + 1)
}

/** Lists it for the call that is open, of the tag at the cursor. */
export function mendSpelling(reading: Reading, syntax: TagSyntax, { length }: Tag, word: string): void {
  const { window, at, offset } = reading.cursor
  if (syntax.token !== undefined) mendSpellingOf(reading, syntax, window.slice(at, at + length), offset, word)
}

/** The same of a tag that was read. */
export function mendSpellingOf({ out }: Reading, syntax: TagSyntax, text: string, from: number, word: string): void {
  const found = tokenSpelling(text, from, syntax, word)
  if (found !== undefined && out.settings.repair) out.repair(found.kind, from, found.to, found.before, found.after)
}
