import type { Format } from '../engine/format.js'
import { isSpecialToken } from '../engine/special-token.js'

/** How the tags of values begin, in the formats that write them as plain text, and how their close tags do. */
export type ValueTags = readonly (readonly [open: string, close: string])[]

export function valueTagsOf(formats: readonly Format[]): ValueTags {
  const stems = formats
    .flatMap(({ families }) => families)
    .flatMap(({ openers, valueStarts = [] }) => [
      ...openers.filter(({ prefix, stem }) => prefix === true && stem === true).map(({ marker }) => marker),
      ...valueStarts,
    ])
  return [...new Set(stems)]
    .filter((stem) => stem.startsWith('<'))
    .map((stem) => [stem, `</${stem.slice(1).replace(/[=\s>:]{1,4}$/, '')}`] as const)
}

/**
 * Does a value begin in text that is given back, and not end there? Then what follows may belong to it (decision 20).
 *
 *     <tool_call>{write_file}<arg_key>content</arg_key><arg_value>See:\n
 */
export function leavesValueOpen(text: string, tags: ValueTags): boolean {
  return tags.some(([open, close]) => {
    const at = text.lastIndexOf(open)
    return at >= 0 && text.indexOf(close, at) < 0
  })
}

/** Does text end with a close tag, or a special token? */
export function endsInCloser(text: string): boolean {
  const end = text.slice(-LONGEST_CLOSER).trimEnd()
  const at = end.lastIndexOf('<')
  const tag = end.slice(at)
  return at >= 0 && tag.endsWith('>') && (tag.startsWith('</') || isSpecialToken(tag))
}

const LONGEST_CLOSER = 128
