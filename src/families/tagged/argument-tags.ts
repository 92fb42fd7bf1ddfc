import { holdsLoneCloser } from '../../recovery/lone-closer.js'
import type { ArgumentTags } from '../../recovery/swallowed-tag.js'
import type { Tags } from '../../text/tags.js'
import type { TaggedGrammar } from './tagged-grammar.js'

/**
 * What the tags of a grammar's arguments look like. `parted`: the value holds a close marker of its own, which parts it from
 * whole tags behind it too.
 */
export function argumentTagsOf({ syntax }: TaggedGrammar, tags: Tags, parted: boolean): ArgumentTags {
  const { parameter, key } = syntax
  const closer = tags.closeOf(parameter)
  const openers = [key?.[0] ?? parameter]
  const keyEnds = key === undefined ? [] : [key[1]]
  if (parted) return { openers, keyEnds, closer }
  return { openers, keyEnds, closer, at: (text, start) => tags.at(text, start) }
}

/**
 * May a raw value hold another argument, behind a close marker that nothing in it opened?
 * @param isOneLine it stands on the line of its tag, where templates begin another: then a closer may stand in the middle of a line
 */
export function mayHoldOther(raw: string, { syntax, layout }: TaggedGrammar, tags: Tags, isOneLine: boolean): boolean {
  const closer = tags.closeOf(syntax.parameter)
  const stem = closer.slice(0, -1)
  // A key and its value may be one tag, `<arg_key>…</arg_key><arg_value>`, of which the value's word is left.
  const opener = closer.startsWith('</') ? closer.replace('</', '<') : tags.openOf(syntax.parameter)
  return holdsLoneCloser(raw, {
    opener: opener.slice(0, -1),
    closerAt(text, at) {
      if (text.startsWith(stem, at)) return text.startsWith(closer, at) ? closer.length : stem.length
      const tag = tags.at(text, at)
      return typeof tag === 'object' && tag.kind === 'parameter-end' ? tag.length : 0
    },
    sign: closer.slice(0, 2),
    // Special tokens are in no text that a model writes on its own.
    endsLine: layout === undefined && !isOneLine && !syntax.parameter.startsWith('|'),
  })
}
