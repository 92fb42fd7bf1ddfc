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
 * The markers of a grammar that may open a call: the tags of its blocks, the beginning of a call's tag, and that of a
 * parameter's, which only a damaged call leaves in the content. Where all tags have a token they are its spellings.
 */
export function taggedOpeners({ syntax, separator = '', stripped, jsonBody }: TaggedGrammar): Opener[] {
  if (stripped !== undefined) {
    const where = 'line-start'
    return [
      ...syntax.blocks.map((block) => ({ marker: `<${block}>`, where }) as const),
      { marker: callStem(syntax), stem: true, where },
    ]
  }
  if (syntax.token === undefined) {
    const blocks =
      syntax.blockMarks === undefined ? syntax.blocks.map((block) => `<${block}>`) : [syntax.blockMarks.open]
    return [
      ...blocks.map((marker) => ({ marker })),
      { marker: callStem(syntax), stem: true },
      ...(jsonBody === 'only' ? [] : [{ marker: parameterStem(syntax), stem: true, prefix: true }]),
    ]
  }
  const stems = stemsOf(syntax.token, '<')
  const separated = separator === '' ? [] : stems.map((stem) => separator + stem)
  return [...stems, ...separated].map((marker) => ({ marker, stem: true }))
}

/** Tags that are text where they stand alone. */
export function taggedInnerMarkers({ syntax, stripped }: TaggedGrammar): string[] {
  if (stripped !== undefined) return []
  if (syntax.token !== undefined) return stemsOf(syntax.token, '</')
  if (hasNoBlock(syntax)) return [`</${syntax.parameter}>`]
  return [...syntax.blocks, syntax.call, syntax.parameter].map((word) => `</${word}>`)
}

/** Special tokens that are left out of the content where they close nothing. */
export function taggedStrays({ syntax: { blockMarks, asides = [] } }: TaggedGrammar): string[] {
  return blockMarks === undefined ? [...asides] : [...asides, blockMarks.close]
}

/** Calls stand by themselves. */
export function hasNoBlock({ blocks, blockMarks, callMarks }: TagSyntax): boolean {
  return blocks.length === 0 && blockMarks === undefined && callMarks === undefined
}

/** `<parameter=` */
export function parameterStem({ parameter, names }: TagSyntax): string {
  return `<${parameter}${names === 'equals' ? '=' : ' '}`
}

/** `<function=` */
export function callStem(syntax: TagSyntax): string {
  return `<${syntax.call}${syntax.names === 'equals' ? '=' : ''}`
}
