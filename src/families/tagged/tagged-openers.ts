import type { Opener } from '../../engine/format.js'
import type { TagSyntax } from '../../text/tag.js'
import type { TaggedGrammar } from './tagged-grammar.js'

/** How the tags of a token begin: its own spelling first, then those that models and servers make of it. */
function stemsOf({ word, pipes }: { word: string; pipes: string }, start: '<' | '</'): string[] {
  const stems: string[] = []
  for (const pipe of pipes) stems.push(`${start}${pipe}${word}`)
  for (const pipe of pipes) stems.push(`${start}${pipe}${pipe}${word}`, `${start} ${pipe} ${word}`)
  return stems
}

/**
 * The markers of a grammar that may open a call: the tags of its blocks, and the beginning of a call's tag. Where all tags
 * have a token they are its spellings.
 */
export function taggedOpeners({ syntax, separator = '', stripped }: TaggedGrammar): Opener[] {
  if (stripped !== undefined) {
    const where = 'line-start'
    return [
      ...syntax.blocks.map((block) => ({ marker: `<${block}>`, where }) as const),
      { marker: callStem(syntax), stem: true, where },
    ]
  }
  if (syntax.token === undefined) {
    return [...syntax.blocks.map((block) => ({ marker: `<${block}>` })), { marker: callStem(syntax), stem: true }]
  }
  const stems = stemsOf(syntax.token, '<')
  const separated = separator === '' ? [] : stems.map((stem) => separator + stem)
  return [...stems, ...separated].map((marker) => ({ marker, stem: true }))
}

/** Tags that are text where they stand alone. */
export function taggedMentions({ syntax, stripped }: TaggedGrammar): string[] {
  if (stripped !== undefined) return []
  if (syntax.token !== undefined) return stemsOf(syntax.token, '</')
  const ends = [...syntax.blocks, syntax.call, syntax.parameter].map((word) => `</${word}>`)
  return [...ends, `<${syntax.parameter}${syntax.names === 'equals' ? '=' : ' '}`]
}

/** `<function=` */
export function callStem(syntax: TagSyntax): string {
  return `<${syntax.call}${syntax.names === 'equals' ? '=' : ''}`
}
